"""Two nodes under kill -9 and link cuts. See two-nodes.sh.

Each node has writers of its own. What a writer was told is committed goes into its ledger; what was in flight at a kill may
or may not have happened. A row's existence and each of its columns is a register: at the end it must hold the last
acknowledged value of one of its writers, or a later one of that writer that was in flight. Later writes of one node have
later stamps, so nothing else can win. Beside them definitions change, and tables are loaded and dropped, and checkpoints are
frequent: a kill meets all of that.
"""
import argparse
import os
import random
import shutil
import sys
import tempfile
import threading
import time

import pymysql

from node import Node, wait_until
from relay import Relay

SHARED_ROWS = 1000
ALIVE, DEAD = "alive", "dead"


class Writer(threading.Thread):
    """Writes on one node for as long as it is told to; keeps, per register, the values that may be its last."""

    def __init__(self, node, number, seed):
        super().__init__(daemon=True)
        self.node = node
        self.label = f"{node.name}{number}"
        self.number = number
        self.dice = random.Random(seed)
        self.acknowledged = 0
        self.errors = {}
        # register -> [last acknowledged value or None, values in flight since]
        self.ledger = {}
        self.own = []
        self._count = 0
        self._ending = threading.Event()

    def run(self):
        connection = None
        while not self._ending.is_set():
            try:
                if connection is None:
                    connection = self.node.connect("app")
                self._write(connection)
            except (pymysql.MySQLError, OSError) as error:
                number = error.args[0] if error.args else type(error).__name__
                self.errors[number] = self.errors.get(number, 0) + 1
                try:
                    if connection is not None:
                        connection.close()
                except (pymysql.MySQLError, OSError):
                    pass
                connection = None
                time.sleep(0.02)

    def stop(self):
        self._ending.set()

    def _write(self, connection):
        self._count += 1
        value = f"{self.label}-{self._count}"
        if self.dice.random() < 0.5:
            statement, arguments, registers = self._shared(value)
        else:
            statement, arguments, registers = self._own(value)
        for register, written in registers.items():
            self.ledger.setdefault(register, [None, []])[1].append(written)
        with connection.cursor() as cursor:
            changed = cursor.execute(statement, arguments)
        self.acknowledged += 1
        for register, written in registers.items():
            entry = self.ledger[register]
            if changed:
                # Whatever was in flight before this acknowledged write is older than it.
                entry[0], entry[1] = written, []
            else:
                entry[1].remove(written)

    def _shared(self, value):
        # Two writers of one node never race for one row: each keeps to the rows of its own parity.
        row = self.dice.randrange(SHARED_ROWS // 2) * 2 + self.number
        exists = ("shared", row, "exists")
        kind = self.dice.random()
        if kind < 0.1:
            return "DELETE FROM shared WHERE id = %s", (row,), {exists: DEAD}
        if kind < 0.4:
            return ("REPLACE INTO shared (id, a, b) VALUES (%s, %s, %s)", (row, value, value),
                    {exists: ALIVE, ("shared", row, "a"): value, ("shared", row, "b"): value})
        column = self.dice.choice("ab")
        return (f"UPDATE shared SET {column} = %s WHERE id = %s", (value, row),
                {exists: ALIVE, ("shared", row, column): value})

    def _own(self, value):
        if self.own and self.dice.random() < 0.5:
            row = self.dice.choice(self.own[-50:])
            if self.dice.random() < 0.3:
                self.own.remove(row)
                return ("DELETE FROM own WHERE node = %s AND id = %s", (self.label, row),
                        {("own", (self.label, row), "exists"): DEAD})
            return ("UPDATE own SET v = %s WHERE node = %s AND id = %s", (value, self.label, row),
                    {("own", (self.label, row), "exists"): ALIVE, ("own", (self.label, row), "v"): value})
        row = self._count
        self.own.append(row)
        return ("INSERT INTO own (node, id, v) VALUES (%s, %s, %s)", (self.label, row, value),
                {("own", (self.label, row), "exists"): ALIVE, ("own", (self.label, row), "v"): value})


class Definer(threading.Thread):
    """Builds and drops indexes, loads a table and drops it, on one node for as long as it is told to."""

    def __init__(self, node):
        super().__init__(daemon=True)
        self.node = node
        self.done = 0
        self._ending = threading.Event()

    def run(self):
        name = self.node.name
        steps = [
            f"CREATE INDEX by_{name} ON shared (a, b)",
            f"CREATE TABLE loaded_{name} (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(200), KEY (v))",
            f"INSERT INTO loaded_{name} (v) VALUES " + ", ".join(f"('{str(i) * 40}')" for i in range(500)),
            f"INSERT INTO loaded_{name} (v) SELECT REVERSE(v) FROM loaded_{name}",
            f"ALTER TABLE loaded_{name} ADD COLUMN w INT DEFAULT 7, DROP INDEX v",
            f"DROP TABLE loaded_{name}",
            f"DROP INDEX by_{name} ON shared",
        ]
        turn = 0
        while not self._ending.is_set():
            try:
                self.node.query(steps[turn % len(steps)], "app")
                self.done += 1
            except (pymysql.MySQLError, OSError) as error:
                # A step that a kill cut off may have been done or not: then the next one, or this one, is an error of its own.
                if error.args and error.args[0] in (2003, 2006, 2013):
                    time.sleep(0.02)
                    continue
            turn += 1

    def stop(self):
        self._ending.set()


def set_up(nodes, relay):
    a, b = nodes
    a.query("CREATE DATABASE app")
    a.query("CREATE TABLE shared (id INT PRIMARY KEY, a VARCHAR(40), b VARCHAR(40))", "app")
    a.query("CREATE TABLE own (node CHAR(4), id INT, v VARCHAR(40), PRIMARY KEY (node, id), KEY by_v (v))", "app")
    rows = ", ".join(f"({i}, 'first', 'first')" for i in range(SHARED_ROWS))
    a.query(f"INSERT INTO shared VALUES {rows}", "app")
    ticket = a.query("CALL p2pdb.invite('app', 'write')")[0][0]
    b.peers = [f"/ip4/127.0.0.1/tcp/{relay.port}/p2p/{a.peer_id}"]
    b.start()
    b.query("CALL p2pdb.join(%s)", arguments=(ticket,))
    wait_until(lambda: b.query("SELECT COUNT(*) FROM shared", "app")[0][0] == SHARED_ROWS, 30, "the joined rows")
    b.query("INSERT INTO shared VALUES (100000, 'b writes', 'too')", "app")
    wait_until(lambda: a.query("SELECT a FROM shared WHERE id = 100000", "app") == (("b writes",),), 30, "a row written on b")


def torment(nodes, relay, seconds, dice):
    """Kills and cuts until the time is over, at least 15 times each."""
    a, b = nodes
    end = time.monotonic() + seconds
    pause = min(seconds / 45, 3.0)
    turn = 0
    while time.monotonic() < end or min(a.kills, b.kills) < 15:
        time.sleep(pause * (0.5 + dice.random()))
        turn += 1
        victims = ((a,), (b,), (a, b))[turn % 3]
        if turn % 4 == 1:
            relay.cut()
        for victim in victims:
            victim.kill()
        for victim in victims:
            victim.start()
        if turn % 4 == 3:
            relay.mend()
    relay.mend()


def digest(node):
    return node.query("SELECT state_digest FROM p2pdb.`databases` WHERE name = 'app'")[0][0]


def settled(nodes):
    """True once both nodes have the same digest, twice in a row."""
    first = [digest(node) for node in nodes]
    if first[0] != first[1]:
        return False
    time.sleep(0.5)
    return [digest(node) for node in nodes] == first


def rows_of(node):
    """(table, key) -> {column: value}, as the node shows it."""
    rows = {("shared", row): {"a": a, "b": b} for row, a, b in node.query("SELECT id, a, b FROM shared", "app")}
    rows.update({("own", (label, row)): {"v": v} for label, row, v in node.query("SELECT node, id, v FROM own", "app")})
    return rows


def check(nodes, writers):
    """The problems found: rows that differ between the nodes, and values that no writer's ledger accounts for."""
    problems = []
    shown, others = (rows_of(node) for node in nodes)
    if shown != others:
        different = [key for key in shown.keys() | others.keys() if shown.get(key) != others.get(key)]
        problems.append(f"{len(different)} rows differ between the nodes, such as {different[:3]}")
    sums = [node.query("CHECKSUM TABLE app.shared, app.own") for node in nodes]
    if sums[0] != sums[1]:
        problems.append(f"CHECKSUM TABLE differs: {sums}")
    for node in nodes:
        by_index = {("own", row) for row in node.query("SELECT node, id FROM own WHERE v > ''", "app")}
        if by_index != {key for key in shown if key[0] == "own"}:
            problems.append(f"on {node.name} the index on own.v does not have the table's rows")
        for index, in node.query("SELECT DISTINCT index_name FROM information_schema.statistics WHERE table_schema = 'app'"
                                 " AND table_name = 'shared' AND index_name LIKE 'by%'"):
            by_index = {("shared", row) for row, in node.query(f"SELECT id FROM shared FORCE INDEX ({index}) WHERE a >= ''", "app")}
            if by_index != {key for key in shown if key[0] == "shared"}:
                problems.append(f"on {node.name} the index {index} of shared does not have the table's rows")

    possible = {}
    acknowledged = set()
    for writer in writers:
        for register, (last, in_flight) in writer.ledger.items():
            possible.setdefault(register, set()).update(in_flight)
            if last is not None:
                possible[register].add(last)
                acknowledged.add(register)
    for (table, key, column), values in possible.items():
        row = shown.get((table, key))
        if (table, key, column) not in acknowledged:
            # Nothing here is sure to have happened: what was before may still be there.
            values.update({"first", ALIVE} if table == "shared" else {DEAD})
        if column == "exists":
            value = DEAD if row is None else ALIVE
        elif row is None:
            continue
        else:
            value = row[column]
        if value not in values:
            problems.append(f"{table} {key} {column} shows {value!r}; its writers' last values are {sorted(values)}")
    written = {(table, key) for table, key, _ in possible}
    for table, key in shown:
        if table == "own" and (table, key) not in written:
            problems.append(f"{table} {key} is there, and nobody wrote it")
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", action="store_true", help="keep the data directories")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    dice = random.Random(options.seed)
    folder = tempfile.mkdtemp(prefix="p2pdb-crash-")
    a, b = nodes = [Node("a", folder), Node("b", folder)]
    relay = Relay(("127.0.0.1", a.p2p_port))
    try:
        a.start()
        set_up(nodes, relay)
        writers = [Writer(node, number, dice.random()) for node in nodes for number in (0, 1)]
        definers = [Definer(node) for node in nodes]
        for worker in writers + definers:
            worker.start()
        torment(nodes, relay, options.seconds, dice)
        for worker in writers + definers:
            worker.stop()
        for worker in writers + definers:
            worker.join()
        wait_until(lambda: settled(nodes), 60, "equal state digests")
        problems = check(nodes, writers)
        acknowledged = sum(writer.acknowledged for writer in writers)
        errors = {}
        for writer in writers:
            for number, count in writer.errors.items():
                errors[number] = errors.get(number, 0) + count
        if acknowledged < 100:
            problems.append(f"only {acknowledged} changes were acknowledged: the test tested nothing")
        if not all(definer.done for definer in definers):
            problems.append("a node changed no definition: the test tested less than it says")
        for node in nodes:
            code = node.stop()
            if code != 0:
                problems.append(f"node {node.name} ended with {code} at SIGTERM")
        print(f"{a.kills} + {b.kills} kills, {acknowledged} acknowledged changes, {sum(definer.done for definer in definers)} definitions and loads, client errors {errors}, {len(problems)} problems")
        for problem in problems[:20]:
            print("PROBLEM:", problem)
        return 1 if problems else 0
    finally:
        for node in nodes:
            node.stop()
        relay.stop()
        if options.keep:
            print("kept", folder)
        else:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(__file__))
    sys.exit(main())
