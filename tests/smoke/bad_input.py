"""Bad input to a node, end to end: damaged files, wrong command lines, broken clients, a full disk. See bad-input.sh."""
import glob
import os
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading

import pymysql

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "crash"))
from node import P2PDB, Node, free_port, wait_until


def run(*arguments, user=None, environment=None):
    """Runs the program to its end: exit code, and all that it said."""
    command = [P2PDB, *arguments]
    if user is not None:
        command = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *command]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          env={**os.environ, **(environment or {})})
    return done.returncode, done.stdout + done.stderr


def expect(result, code, *parts):
    """The exit code and words of the message; a stack trace is no message."""
    got, text = result
    assert got == code, f"exit code {got} instead of {code}: {text}"
    assert "   at " not in text and "Unhandled" not in text, f"a stack trace for a message: {text}"
    for part in parts:
        assert part in text, f"the message does not say {part!r}: {text}"


def start_flags(data, mysql="127.0.0.1:0", p2p="/ip4/127.0.0.1/tcp/0"):
    return ("start", "--data", data, "--mysql", mysql, "--p2p", p2p)


def flip(path, offset):
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 0x40]))


def damaged_files(node):
    """Each file of a node that ended, with one byte altered: refused with its name by start and verify, and sound again after."""
    assert node.stop() == 0
    expect(run("verify", "--data", node.data), 0, "sound")
    journal = max(glob.glob(os.path.join(node.data, "journal", "*.wal")))
    (history,) = glob.glob(os.path.join(node.data, "databases", "*", "history", "*.hist"))
    (key,) = glob.glob(os.path.join(node.data, "databases", "*", "author.key"))
    (generated,) = glob.glob(os.path.join(node.data, "databases", "*", "generated"))
    others = [(os.path.join(node.data, "databases.manifest"), 12), (os.path.join(node.data, "node.key"), 20), (key, 20), (generated, 20)]
    for path, offset in [(journal, 4096 + 100), (journal, 4096 + 700), (history, 64 + 200), (history, 20), *others]:
        name = os.path.relpath(path, node.data)
        flip(path, offset)
        expect(run("verify", "--data", node.data), 1, name, "damaged at byte")
        expect(run(*start_flags(node.data)), 1, name, "damaged at byte", "backup", "p2pdb verify")
        flip(path, offset)
    expect(run("verify", "--data", node.data), 0, "sound")
    node.start()
    assert node.query("SELECT COUNT(*) FROM app.t") == ((20,),)


def taken_directory_and_ports(node, folder):
    expect(run(*start_flags(node.data)), 1, node.data, "in use")
    expect(run("verify", "--data", node.data), 1, node.data, "in use")
    other = os.path.join(folder, "other")
    expect(run(*start_flags(other, mysql=f"127.0.0.1:{node.mysql_port}")), 2, "--mysql", str(node.mysql_port))
    expect(run(*start_flags(other, p2p=f"/ip4/127.0.0.1/tcp/{node.p2p_port}")), 2, "--p2p", str(node.p2p_port))


def command_lines(folder):
    missing = os.path.join(folder, "missing")
    file = os.path.join(folder, "file")
    with open(file, "w", encoding="utf-8") as made:
        made.write("no directory")
    port = str(free_port())
    expect(run("--no-such-flag"), 2, "--no-such-flag", "--help")
    expect(run("frobnicate"), 2, "frobnicate", "--help")
    expect(run("start", "--mysql", "nowhere"), 2, "--mysql", "127.0.0.1:3306")
    expect(run("start", "--p2p", "nowhere", "--mysql", "off", "--data", missing), 2, "--p2p", "/ip4/")
    expect(run("start", "--mysql", "0.0.0.0:0", "--data", missing), 2, "--password-file")
    expect(run("start", "--password-file", missing, "--data", missing), 2, "--password-file", missing)
    password = os.path.join(folder, "password")
    with open(password, "w", encoding="utf-8") as made:
        made.write("x" * 257)
    expect(run("start", "--password-file", password, "--data", missing), 2, "--password-file", "256")
    expect(run("start", environment={"P2PDB_STORE": "paper"}), 2, "P2PDB_STORE", "paper")
    expect(run(*start_flags(file)), 1, file)
    expect(run("verify", "--data", missing), 2, missing, "--data")
    expect(run("verify", "--data", file), 2, file)
    for command in ("sql", "status", "peers"):
        more = ["SELECT 1"] if command == "sql" else []
        expect(run(command, "--port", port, *more), 1, f"127.0.0.1:{port}", "p2pdb start")
        expect(run(command, "--port", "99999", *more), 2, "--port")
        expect(run(command, "--port", "zero", *more), 2, "--help")
        expect(run(command, "--password-file", missing, *more), 2, "--password-file")
    for command in ("backup", "log", "restore", "keys"):
        expect(run(command), 2)
    expect(run("peer", "--listen", "nowhere"), 2, "--listen")
    expect(run("peer", "--unknown"), 2, "--unknown")


def other_users_directory(folder):
    if os.geteuid() != 0:
        print("bad-input: not root, so no directory of another user could be tried")
        return
    private = os.path.join(folder, "private")
    os.mkdir(private, 0o755)
    os.chmod(folder, 0o755)
    shutil.copytree(os.path.dirname(P2PDB), os.path.join(folder, "bin"))
    theirs = os.path.join(folder, "bin", "p2pdb")
    for arguments in (start_flags(private), ("verify", "--data", private)):
        done = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", theirs, *arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, cwd=folder, env={**os.environ, "HOME": folder})
        expect((done.returncode, done.stdout + done.stderr), 1, private, "denied")


class Client(threading.Thread):
    """An honest client that works on while others misbehave; it must never fail."""

    def __init__(self, node):
        super().__init__(daemon=True)
        self.node = node
        self.count = 0
        self.failure = None
        self._ending = threading.Event()

    def run(self):
        try:
            connection = self.node.connect("app")
            with connection.cursor() as cursor:
                while not self._ending.is_set():
                    cursor.execute("UPDATE t SET v = %s WHERE id = 1", (str(self.count),))
                    self.count += 1
            connection.close()
        except (pymysql.MySQLError, OSError) as error:
            self.failure = error

    def end(self):
        self._ending.set()
        self.join()
        assert self.failure is None, f"an honest client was hurt: {self.failure}"
        assert self.count > 0


def broken_packets(node):
    """Packets that no client sends, each on a connection of its own, before and after a login."""
    dice = random.Random(7)
    login = bytes.fromhex("8da20900 00000001 2d") + bytes(23) + b"root\0" + b"\0" + b"caching_sha2_password\0"
    before = [
        b"", b"\0", b"GET / HTTP/1.1\r\n\r\n", b"\xff\xff\xff\x01", b"\xff\xff\xff\x00" * 3, b"\x20\0\0\x01\x00", b"\x01\0\0\x07\x00",
        struct.pack("<I", len(login) | 1 << 24) + login[:10], *(dice.randbytes(dice.randrange(1, 5000)) for _ in range(20)),
    ]
    for data in before:
        with socket.create_connection(("127.0.0.1", node.mysql_port), timeout=20) as raw:
            greeting = raw.recv(4096)
            assert greeting[4] == 10, f"no greeting: {greeting!r}"
            send_and_leave(raw, data)
    after = [
        b"\xff\xff\xff\x00\x03", b"\x05\0\0\x09\x03SELE", b"\x01\0\0\0\xfe", b"\0\0\0\0", b"\x05\0\0\0\x17\xff\xff\xff\xff",
        b"\x0a\0\0\0\x17\x01\0\0\0\0\x01\0\0\0", b"\x09\0\0\0\x03SELECT \xff", *(dice.randbytes(dice.randrange(1, 5000)) for _ in range(20)),
    ]
    for data in after:
        connection = node.connect()
        raw = connection._sock
        raw.settimeout(20)
        send_and_leave(raw, data)
        connection._force_close()


def send_and_leave(raw, data):
    """Sends, says no more, and reads until the node closes; a socket that stays open is a connection that hangs."""
    try:
        raw.sendall(data)
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(65536):
            pass
    except TimeoutError:
        raise AssertionError(f"a connection hangs after {data[:20]!r}…") from None
    except OSError:
        pass  # The node had heard enough and closed first.


def oversized_statement(node):
    connection = node.connect()
    limit = int(node.query("SELECT @@max_allowed_packet")[0][0])
    text = "SELECT '" + "x" * limit + "'"
    try:
        with connection.cursor() as cursor:
            cursor.execute(text)
    except pymysql.MySQLError as error:
        # MySQL says 1153 and closes; who is still sending may only see the end of the connection.
        assert error.args[0] in (1153, 2006, 2013), error
    else:
        raise AssertionError("a statement over max_allowed_packet was taken")
    finally:
        connection._force_close()
    assert node.query("SELECT LENGTH(%s)", arguments=("y" * (limit // 8),)) == ((limit // 8,),)


def hostile_clients(node):
    client = Client(node)
    client.start()
    broken_packets(node)
    oversized_statement(node)
    client.end()
    wait_until(lambda: node.query("SELECT COUNT(*) FROM information_schema.processlist") == ((1,),), 30, "the connections to be gone")


def full_disk(folder):
    """On a small file system: commits fail with 1021, reads go on, room makes it write again, and nothing acknowledged is lost."""
    small = os.path.join(folder, "small")
    os.mkdir(small)
    mounted = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", small], capture_output=True).returncode == 0
    if not mounted:
        assert "CI" not in os.environ, "CI must be able to mount a small tmpfs, so that the full disk is tried"
        print("bad-input: no tmpfs could be mounted, so no full disk could be tried")
        return
    node = Node("node", small)
    node.log_path = os.path.join(folder, "full.log")
    try:
        node.start()
        node.query("CREATE DATABASE app")
        node.query("CREATE TABLE big (id INT PRIMARY KEY, v LONGTEXT)", "app")
        node.query("CREATE TABLE g (id INT AUTO_INCREMENT PRIMARY KEY)", "app")
        ballast = os.path.join(small, "ballast")
        room = os.statvfs(small)
        with open(ballast, "wb") as file:
            file.write(bytes(room.f_bavail * room.f_bsize - 4096))
        acknowledged = 0
        dice = random.Random(3)
        for i in range(200):
            try:
                node.query("INSERT INTO big VALUES (%s, %s)", "app", (i, dice.randbytes(300_000).hex()))
                acknowledged += 1
            except pymysql.MySQLError as error:
                assert error.args[0] == 1021, error
                break
        else:
            raise AssertionError("200 rows of 600 kB fit into 80 MB")
        with open(ballast, "ab") as file:
            try:
                file.write(bytes(1 << 20))
            except OSError:
                pass
        for statement in ("INSERT INTO app.g VALUES ()", "CREATE DATABASE more", "CALL p2pdb.invite('app', 'write')"):
            try:
                node.query(statement)
            except pymysql.MySQLError as error:
                assert error.args[0] == 1021, f"{statement}: {error}"
        assert node.query("SELECT COUNT(*) FROM big", "app") == ((acknowledged,),)

        os.remove(ballast)
        node.query("INSERT INTO big VALUES (1000, 'room again')", "app")
        node.query("INSERT INTO g VALUES ()", "app")
        node.kill()
        node.start()
        assert node.query("SELECT COUNT(*) FROM big", "app") == ((acknowledged + 1,),)
        assert node.stop() == 0
    finally:
        node.stop()
        subprocess.run(["umount", small], check=True)


def main():
    with tempfile.TemporaryDirectory(prefix="p2pdb-bad-input-") as folder:
        node = Node("node", folder)
        try:
            command_lines(folder)
            other_users_directory(folder)
            node.start()
            node.query("CREATE DATABASE app")
            node.query("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(40))", "app")
            for i in range(20):
                node.query("INSERT INTO t (v) VALUES (%s)", "app", (f"row {i}",))
            taken_directory_and_ports(node, folder)
            hostile_clients(node)
            damaged_files(node)
            full_disk(folder)
        finally:
            node.stop()
    print("bad-input: every answer was an answer")


main()
