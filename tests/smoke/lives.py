"""Two nodes, one of which loses its journal's end, is started from an old copy, is killed, and ends cleanly. See lives.sh."""
import os
import shutil
import struct
import sys
import tempfile

import pymysql

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "crash"))
from node import Node, wait_until


def journal_end(node):
    """The newest segment's path and where its frames end: docs/formats/journal.md."""
    folder = os.path.join(node.data, "journal")
    path = os.path.join(folder, max(name for name in os.listdir(folder) if name.endswith(".wal")))
    with open(path, "rb") as segment:
        header = segment.read(4096)
        frames = segment.read()
    (position,) = struct.unpack_from("<q", header, 16)
    offset = 0
    while True:
        (length,) = struct.unpack_from("<I", frames, offset + 8)
        (frame_position,) = struct.unpack_from("<q", frames, offset + 24)
        if length == 0 or frame_position != position + offset:
            return path, 4096 + offset
        offset += (40 + length + 7) // 8 * 8


def lose_end(path, offset):
    """What a disk that lied about its syncs leaves: zeros."""
    with open(path, "r+b") as segment:
        segment.seek(0, os.SEEK_END)
        length = segment.tell() - offset
        segment.seek(offset)
        segment.write(bytes(length))


def insert(node, *rows):
    for row in rows:
        node.query("INSERT INTO t VALUES (%s, %s)", "app", (row, f"row {row}"))


def generate(node, *values):
    for value in values:
        node.query("INSERT INTO g (v) VALUES (%s)", "app", (value,))


def generated(node):
    return sorted(value for (value,) in node.query("SELECT v FROM g", "app"))


def rows(node):
    return {row for (row,) in node.query("SELECT id FROM t", "app")}


def author(node):
    return node.query("SELECT author_key FROM p2pdb.`databases` WHERE name = 'app'")[0][0]


def author_count(node):
    """Authors that the node knows of, by the key of their node."""
    return dict(node.query("SELECT node_key, COUNT(*) FROM p2pdb.authors GROUP BY node_key"))


def converge(nodes, expected, what):
    def is_through():
        digests = {node.query("SELECT state_digest FROM p2pdb.`databases` WHERE name = 'app'")[0][0] for node in nodes}
        return len(digests) == 1 and all(rows(node) == expected for node in nodes)

    wait_until(is_through, 30, what)
    for node in nodes:
        forks = node.query("SELECT * FROM p2pdb.forks")
        assert not forks, f"{what}: node {node.name} lists forks: {forks}"


def lost_end_of_the_journal(a, b):
    values = []
    for mode, first in ((1, 100), (2, 200), (0, 300)):
        a.query(f"SET GLOBAL innodb_flush_log_at_trx_commit = {mode}")
        before = rows(a)
        path, end = journal_end(a)
        generate(a, *range(first, first + 40))
        insert(a, first, first + 1)
        wait_until(lambda: {first, first + 1} <= rows(b), 30, "rows that will be lost")
        key = author(a)
        a.kill()
        b.stop()
        lose_end(path, end)

        a.start()
        assert rows(a) == before, f"mode {mode}: the rows after the loss are {rows(a)}"
        assert author(a) != key, f"mode {mode}: the node goes on under the key whose end it lost"
        generate(a, *range(first + 40, first + 50))
        insert(a, first + 2)
        b.start()
        converge((a, b), before | {first, first + 1, first + 2}, f"the end of the journal lost in mode {mode}")
        values += range(first, first + 50)
        for node in (a, b):
            assert generated(node) == values, f"mode {mode}: generated keys met: {node.name} has {generated(node)}"


def old_copy_beside_a_live_peer(a, b):
    a.stop()
    copy = a.data + "-copy"
    shutil.copytree(a.data, copy)
    a.start()
    insert(a, 400, 401)
    wait_until(lambda: {400, 401} <= rows(b), 30, "rows that the copy has not")
    key = author(a)
    before = rows(a)
    a.kill()

    shutil.rmtree(a.data)
    os.rename(copy, a.data)
    a.start()
    assert author(a) != key, "the copy goes on under the original's key"
    insert(a, 402)
    converge((a, b), before | {402}, "an old copy beside a live peer")


def kill_and_clean_end(a, b):
    key = author(a)
    known = sum(author_count(b).values())
    a.kill()
    a.start()
    killed = author(a)
    assert killed != key, "after kill -9 the node goes on under its key"
    insert(a, 500)
    converge((a, b), rows(b) | {500}, "kill -9")
    for row in (501, 502):
        assert a.stop() == 0
        a.start()
        assert author(a) == killed, "after a clean end the node writes under another key"
        insert(a, row)
    for _ in range(3):
        a.kill()
        a.start()
    converge((a, b), rows(b) | {501, 502}, "clean ends")
    assert sum(author_count(b).values()) == known + 1, f"lives that wrote nothing left authors: {author_count(b)}"

    # The node that died three times still lets guests in before it writes.
    ticket = a.query("CALL p2pdb.invite('app', 'write')")[0][0]
    a.kill()
    a.start()
    return ticket


def accounts_after_a_kill(node):
    """What CREATE USER, GRANT and REVOKE answered is there, whenever the process ends."""
    node.query("CREATE USER clerk IDENTIFIED BY 'till'")
    node.kill()
    node.start()
    node.query("GRANT SELECT, INSERT ON app.t TO clerk")
    node.kill()
    node.start()
    node.query("REVOKE INSERT ON app.t FROM clerk")
    node.kill()
    node.start()
    connection = node.connect("app", user="clerk", password="till")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM t")
            try:
                cursor.execute("INSERT INTO t VALUES (700, '')")
                raise AssertionError("a privilege that was revoked came back")
            except pymysql.MySQLError as error:
                assert error.args[0] == 1142, error
    finally:
        connection.close()


def main():
    with tempfile.TemporaryDirectory(prefix="p2pdb-lives-") as folder:
        a = Node("a", folder)
        b = Node("b", folder)
        c = Node("c", folder)
        try:
            a.start()
            a.query("CREATE DATABASE app")
            a.query("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(40))", "app")
            a.query("CREATE TABLE g (id INT AUTO_INCREMENT PRIMARY KEY, v INT)", "app")
            insert(a, 1, 2, 3)
            ticket = a.query("CALL p2pdb.invite('app', 'write')")[0][0]
            b.peers = [a.address]
            b.start()
            b.query("CALL p2pdb.join(%s)", arguments=(ticket,))
            insert(b, 4)
            converge((a, b), {1, 2, 3, 4}, "the join")

            lost_end_of_the_journal(a, b)
            old_copy_beside_a_live_peer(a, b)
            ticket = kill_and_clean_end(a, b)
            accounts_after_a_kill(b)
            c.start()
            state = c.query("CALL p2pdb.join(%s)", arguments=(ticket,))[0][0]
            assert state == "joined", f"an invitation from before a kill gave {state!r}"
            insert(c, 600)
            converge((a, b, c), rows(b) | {600}, "a guest let in after a kill")
            print(f"lives: {len(rows(a))} rows, authors by node {sorted(author_count(a).values())}, no fork")
        finally:
            for node in (a, b, c):
                node.stop()


main()
