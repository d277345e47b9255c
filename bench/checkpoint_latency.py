#!/usr/bin/python3
"""How long point updates take while a checkpoint is being written, and between checkpoints.

    checkpoint_latency.py P2PDB [SECONDS] [INTERVAL]

P2PDB is the node's program. Starts a node of its own in a temporary directory, with a checkpoint every INTERVAL (default 1M) bytes of changes but
at most about once a second, and updates rows at random by their key for SECONDS (default 120), one commit each. A second process asks twice in 10 ms
whether a checkpoint is under way; an update counts as within one if the answers before and after it say so. Prints both distributions in
milliseconds, and the ratio of their 99th percentiles.
"""
import bisect
import multiprocessing
import random
import signal
import subprocess
import sys
import tempfile
import time

import pymysql

ROWS = 200_000


def connect(port, **options):
    return pymysql.connect(host="127.0.0.1", port=port, user="root", autocommit=True, **options)


def watch(port, until, out):
    """Times at which a checkpoint was seen to begin (True) or to be over (False)."""
    with connect(port) as connection, connection.cursor() as cursor:
        states = []
        while time.monotonic() < until:
            cursor.execute("SHOW GLOBAL STATUS LIKE 'P2pdb_checkpoint_running'")
            states.append((time.monotonic(), cursor.fetchone()[1] == "ON"))
            time.sleep(0.005)
    out.send(states)


def fill(cursor):
    cursor.execute("CREATE DATABASE latency")
    cursor.execute("USE latency")
    cursor.execute("CREATE TABLE t (id INT PRIMARY KEY, k INT NOT NULL, v VARCHAR(200) NOT NULL)")
    for start in range(0, ROWS, 1000):
        cursor.execute("INSERT INTO t VALUES " + ",".join(f"({i},{i % 1000},'{'x' * 190}')" for i in range(start, start + 1000)))


def update(cursor, until):
    dice = random.Random(2)
    times = []
    while time.monotonic() < until:
        start = time.monotonic()
        cursor.execute(f"UPDATE t SET k = k + 1 WHERE id = {dice.randrange(ROWS)}")
        times.append((start, time.monotonic()))
    return times


def describe(name, latencies):
    latencies.sort()
    count = len(latencies)
    if count < 1000:
        print(f"{name}: {count} updates, too few")
        return None
    quantiles = [1000 * latencies[min(int(count * share), count - 1)] for share in (0.5, 0.99, 0.999, 1)]
    print("{}: {} updates, p50 {:.3f} p99 {:.3f} p99.9 {:.3f} max {:.1f} ms".format(name, count, *quantiles))
    return quantiles[1]


def measure(port, seconds):
    with connect(port) as connection, connection.cursor() as cursor:
        fill(cursor)
        update(cursor, time.monotonic() + 5)   # warm
        here, there = multiprocessing.Pipe()
        until = time.monotonic() + seconds
        watcher = multiprocessing.Process(target=watch, args=(port, until, there))
        watcher.start()
        times = update(cursor, until)
        states = here.recv()
        watcher.join()
        cursor.execute("SHOW GLOBAL STATUS LIKE 'P2pdb_checkpoints'")
        print(f"{cursor.fetchone()[1]} checkpoints since the start")
    moments = [moment for moment, _ in states]
    within, between = [], []
    for start, end in times:
        before = bisect.bisect_left(moments, start) - 1
        after = bisect.bisect_right(moments, end)
        if before < 0 or after >= len(states):
            continue
        seen = {is_running for _, is_running in states[before:after + 1]}
        if len(seen) == 1:
            (within if seen.pop() else between).append(end - start)
    inside = describe("during checkpoints", within)
    outside = describe("between checkpoints", between)
    if inside and outside:
        print(f"ratio of p99: {inside / outside:.2f}")


def main():
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 120
    interval = sys.argv[3] if len(sys.argv) > 3 else "1M"
    with tempfile.TemporaryDirectory() as directory:
        node = subprocess.Popen(
            [sys.argv[1], "start", "--data", directory, "--mysql", "127.0.0.1:0", "--p2p", "off", "--checkpoint-interval", interval],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            port = int(node.stdout.readline().split("mysql=")[1].split()[0].rsplit(":", 1)[1])
            measure(port, seconds)
        finally:
            node.send_signal(signal.SIGTERM)
            node.wait()


if __name__ == "__main__":
    main()
