#!/usr/bin/python3
"""What one transaction larger than memory takes: memory and time of its statements and of its COMMIT, and what a kill leaves.

Starts nodes of its own in a temporary directory, on 127.0.0.1, and removes it. Prints one line of JSON for each run:
  commit  the peak of resident memory (VmHWM) after the statements and after COMMIT, their times, rows, a clean restart
  kill    SIGKILL in the middle of COMMIT, then a restart: the rows that are there (none, or all), its peak and time
"""
import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import pymysql


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Node:
    """A server process on a directory."""

    def __init__(self, host, directory, memory, extra):
        self.port = free_port()
        begun = time.monotonic()
        self.process = subprocess.Popen(
            [*host, "--data", directory, "--store-memory", memory, "--p2p", "off", "--mysql", f"127.0.0.1:{self.port}", *extra],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                self.connect().close()
                break
            except pymysql.err.OperationalError:
                if self.process.poll() is not None:
                    sys.exit(f"the node ended with {self.process.returncode}")
                time.sleep(0.1)
        self.start_seconds = time.monotonic() - begun

    def connect(self):
        return pymysql.connect(host="127.0.0.1", port=self.port, user="root", connect_timeout=5, read_timeout=3600)

    def megabytes(self, field):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return int(re.search(rf"^{field}:\s+(\d+) kB", status.read(), re.M)[1]) // 1024

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(timeout=600)


def fill(connection, rows, length):
    """The statements of the transaction: text that does not compress, so that the log is as long as the rows."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE IF NOT EXISTS big")
        cursor.execute("CREATE TABLE IF NOT EXISTS big.t (id INT PRIMARY KEY, v VARCHAR(16000) NOT NULL)")
        cursor.execute("BEGIN")
        batch = max(1, 1_000_000 // length)
        for start in range(0, rows, batch):
            values = ",".join(f"({i},'{os.urandom(length // 2).hex()}')" for i in range(start, min(start + batch, rows)))
            cursor.execute("INSERT INTO big.t VALUES " + values)


def count(node):
    with node.connect() as connection, connection.cursor() as cursor:
        try:
            cursor.execute("SELECT COUNT(*) FROM big.t")
        except pymysql.err.MySQLError as error:
            return str(error)
        return cursor.fetchone()[0]


def timed(step):
    begun = time.monotonic()
    step()
    return round(time.monotonic() - begun, 2)


def run_commit(arguments, directory):
    node = Node(arguments.host, directory, arguments.memory, arguments.extra)
    result = {"run": "commit", "before_mib": node.megabytes("VmRSS")}
    with node.connect() as connection:
        result["statements_s"] = timed(lambda: fill(connection, arguments.rows, arguments.length))
        result["statements_peak_mib"] = node.megabytes("VmHWM")
        result["statements_mib"] = node.megabytes("VmRSS")
        with open(f"/proc/{node.process.pid}/clear_refs", "w", encoding="ascii") as peak:
            peak.write("5")
        longest = reads_until(node, lambda: result.update(commit_s=timed(connection.commit)))
        result["longest_read_ms"] = longest
    result["commit_peak_mib"] = node.megabytes("VmHWM")
    result["after_mib"] = node.megabytes("VmRSS")
    result["rows"] = count(node)
    result["end_s"] = timed(node.end)
    node = Node(arguments.host, directory, arguments.memory, arguments.extra)
    result.update(restart_s=round(node.start_seconds, 2), restart_peak_mib=node.megabytes("VmHWM"), rows_after_restart=count(node))
    node.end()
    return result


def reads_until(node, step):
    """Milliseconds of the longest read that another client does while a step runs."""
    longest = 0.0
    done = threading.Event()

    def read():
        nonlocal longest
        with node.connect() as reader, reader.cursor() as cursor:
            while not done.is_set():
                begun = time.monotonic()
                cursor.execute("SELECT COUNT(*) FROM big.t WHERE id = 1")
                assert cursor.fetchone()[0] in (0, 1)
                longest = max(longest, time.monotonic() - begun)
                time.sleep(0.005)

    thread = threading.Thread(target=read)
    thread.start()
    step()
    done.set()
    thread.join()
    return round(longest * 1000)


def run_kill(arguments, directory, after):
    node = Node(arguments.host, directory, arguments.memory, arguments.extra)
    connection = node.connect()
    fill(connection, arguments.rows, arguments.length)
    answer = []

    def commit():
        try:
            connection.commit()
            answer.append("acknowledged")
        except (pymysql.err.MySQLError, OSError) as error:
            answer.append(type(error).__name__)

    thread = threading.Thread(target=commit)
    thread.start()
    thread.join(after)
    node.end(signal.SIGKILL)
    thread.join()
    left = sum(os.path.getsize(os.path.join(path, name)) for path, _, names in os.walk(directory) for name in names)
    node = Node(arguments.host, directory, arguments.memory, arguments.extra)
    result = {
        "run": "kill", "after_s": after, "commit": answer[0], "left_mib": left >> 20, "restart_s": round(node.start_seconds, 2),
        "restart_peak_mib": node.megabytes("VmHWM"), "rows": count(node)}
    node.end()
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("host", nargs="+", help="the command that starts a node, for example ./p2pdb or: dotnet p2pdb.dll")
    parser.add_argument("--rows", type=int, default=1_048_576, help="rows of the transaction (default 1,048,576)")
    parser.add_argument("--length", type=int, default=1000, help="bytes of each row's text (default 1000)")
    parser.add_argument("--memory", default="128M", help="the node's memory for pages (default 128M)")
    parser.add_argument("--kill", type=float, action="append", default=[], metavar="SECONDS",
                        help="in place of the whole run: kill so long after COMMIT began; may be given several times")
    parser.add_argument("--extra", action="append", default=[], help="a further argument of the node; may be given several times")
    parser.add_argument("--directory", help="where the temporary directory is made (default: the system's)")
    arguments = parser.parse_args()
    runs = [lambda path, after=after: run_kill(arguments, path, after) for after in arguments.kill]
    for run in runs or [lambda path: run_commit(arguments, path)]:
        directory = tempfile.mkdtemp(dir=arguments.directory)
        try:
            print(json.dumps(run(os.path.join(directory, "node"))), flush=True)
        finally:
            shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    main()
