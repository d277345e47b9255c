"""One p2pdb process that a test starts, kills and asks."""
import os
import re
import signal
import socket
import subprocess
import time

import pymysql

P2PDB = os.environ.get("P2PDB") or os.path.join(
    os.path.dirname(__file__), "..", "..", "artifacts", "bin", "P2PDB.Host", "release", "p2pdb")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Node:
    """A node named `name`, with its data under `folder`, on ports that stay the same over its restarts."""

    def __init__(self, name, folder, peers=()):
        self.name = name
        self.data = os.path.join(folder, name)
        self.log_path = os.path.join(folder, name + ".log")
        self.peers = list(peers)
        self.mysql_port = free_port()
        self.p2p_port = free_port()
        self.address = None
        self.starts = 0
        self.kills = 0
        self._process = None

    def start(self, timeout=60):
        flags = [flag for peer in self.peers for flag in ("--peer", peer)]
        with open(self.log_path, "ab") as log:
            self._process = subprocess.Popen(
                [P2PDB, "start", "--data", self.data, "--mysql", f"127.0.0.1:{self.mysql_port}",
                 "--p2p", f"/ip4/127.0.0.1/tcp/{self.p2p_port}", *flags],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True)
        began = time.monotonic()
        ready = self._process.stdout.readline()
        if not ready.startswith("ready "):
            code = self._process.wait()
            with open(self.log_path, encoding="utf-8", errors="replace") as log:
                raise RuntimeError(f"node {self.name} ended with {code} instead of serving:\n" + "".join(log.readlines()[-30:]))
        if time.monotonic() - began > timeout:
            raise RuntimeError(f"node {self.name} needed {time.monotonic() - began:.1f} s to serve")
        self.address = re.search(r" p2p=([^\s,]+)", ready).group(1)
        self.starts += 1

    @property
    def peer_id(self):
        return self.address.rsplit("/", 1)[1]

    def kill(self):
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()
        self.kills += 1

    def stop(self):
        """Ends it as an operator would; returns its exit code."""
        if self._process is None or self._process.poll() is not None:
            return None
        self._process.terminate()
        try:
            return self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise RuntimeError(f"node {self.name} did not end within 30 s of SIGTERM") from None

    def connect(self, database=None, user="root", **options):
        return pymysql.connect(host="127.0.0.1", port=self.mysql_port, user=user, database=database,
                               autocommit=True, connect_timeout=5, **options)

    def query(self, statement, database=None, arguments=None):
        connection = self.connect(database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, arguments)
                return cursor.fetchall()
        finally:
            connection.close()


def wait_until(condition, seconds, what):
    """Waits for the condition; the error says what was waited for and what it last gave."""
    deadline = time.monotonic() + seconds
    last = None
    while time.monotonic() < deadline:
        try:
            last = condition()
            if last:
                return last
        except (pymysql.MySQLError, OSError) as error:
            last = error
        time.sleep(0.1)
    raise RuntimeError(f"waited {seconds} s in vain for {what}; last: {last!r}")
