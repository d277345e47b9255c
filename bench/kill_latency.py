#!/usr/bin/python3
"""How long a statement goes on after KILL QUERY, operator by operator, on a node that runs already.

    kill_latency.py PORT [ROWS]

Makes a table of ROWS rows (default 1,000,000), starts each statement, kills it three times at different moments of its work,
and prints the milliseconds from each KILL to the error at the client. "ended" means that it was too quick to be killed. No statement
sends many rows: what lies in the sockets when it is killed would be read to its end first, at the client's speed.
"""
import os
import sys
import tempfile
import threading
import time

import pymysql
from pymysql.constants import ER

STATEMENTS = {
    "scan": "SELECT COUNT(*) FROM big WHERE SQRT(n + a) + SIN(a) < -2",
    "sort": "SELECT COUNT(*) FROM (SELECT a FROM big ORDER BY s, n DESC LIMIT 1000000) AS sorted",
    "sort with limit": "SELECT COUNT(*) FROM (SELECT s FROM big ORDER BY s, a LIMIT 900000) AS sorted",
    "group": "SELECT COUNT(*) FROM (SELECT s, COUNT(*), SUM(n) FROM big GROUP BY s) AS grouped",
    "distinct": "SELECT COUNT(DISTINCT s, n) FROM big",
    "hash join": "SELECT COUNT(*) FROM big x JOIN big y ON x.n = y.a + 1 WHERE x.s <> y.s",
    "lookup join": "SELECT STRAIGHT_JOIN COUNT(*) FROM big x JOIN big y ON y.id = x.n WHERE x.s <> y.s",
    "nested loop": "SELECT COUNT(*) FROM big x JOIN big y ON x.n + y.n < -1",
    "correlated subquery": "SELECT COUNT(*) FROM big x WHERE x.n > (SELECT AVG(y.a) FROM big y WHERE y.n < x.a)",
    "union": "SELECT COUNT(*) FROM (SELECT s, n FROM big UNION SELECT s, a FROM big) AS united",
    "INSERT … SELECT": "INSERT INTO copy SELECT id, n, a, s FROM big",
    "UPDATE": "UPDATE big SET n = n + 1",
    "DELETE": "DELETE FROM big",
    "LOAD DATA": "LOAD DATA LOCAL INFILE '{file}' INTO TABLE copy FIELDS TERMINATED BY ','",
    "CREATE INDEX": "CREATE INDEX plain_{moment} ON big (s, n)",
    "CREATE UNIQUE INDEX": "CREATE UNIQUE INDEX unique_{moment} ON big (s, id)",
    "MODIFY": "ALTER TABLE big MODIFY s INT NOT NULL",
    "CHECKSUM TABLE": "CHECKSUM TABLE big",
}
MOMENTS = (0.15, 0.6, 1.5)


def connect(port, **options):
    return pymysql.connect(host="127.0.0.1", port=port, user="root", local_infile=True, autocommit=True, **options)


def prepare(port, rows):
    with connect(port) as connection, connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS kill_latency")
        cursor.execute("CREATE DATABASE kill_latency")
        cursor.execute("USE kill_latency")
        for name in ("big", "copy"):
            cursor.execute(f"CREATE TABLE {name} (id INT PRIMARY KEY, n INT NOT NULL, a INT NOT NULL, s VARCHAR(20) NOT NULL)")
        cursor.execute("SET GLOBAL local_infile = 1")
        for start in range(0, rows, 5000):
            values = ",".join(f"({i},{i * 7919 % rows},{i * 104729 % rows},'{i * 15485863 % rows:08d}')" for i in range(start, min(start + 5000, rows)))
            cursor.execute("INSERT INTO big VALUES " + values)


def measure(port, statement, moment):
    """Milliseconds from KILL QUERY to the end of the statement; None where it had ended before."""
    with connect(port, database="kill_latency") as victim, connect(port) as killer:
        ended = []

        def run():
            with victim.cursor(pymysql.cursors.SSCursor) as cursor:
                try:
                    cursor.execute(statement)
                    for _ in cursor:
                        pass
                    ended.append(None)
                except pymysql.err.Error as error:
                    ended.append(error.args[0])
            ended.append(time.perf_counter())

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(moment)
        if not thread.is_alive():
            if ended[0] is not None:
                raise RuntimeError(f"{statement}: error {ended[0]}")
            return None
        killed = time.perf_counter()
        with killer.cursor() as cursor:
            cursor.execute(f"KILL QUERY {victim.thread_id()}")
        thread.join()
        if ended[0] not in (None, ER.QUERY_INTERRUPTED):
            raise RuntimeError(f"{statement}: error {ended[0]}")
        return None if ended[0] is None else (ended[1] - killed) * 1000


def main():
    port = int(sys.argv[1])
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    prepare(port, rows)
    with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False) as file:
        file.writelines(f"{i},{i},{i},{i:08d}\n" for i in range(rows))
    try:
        for name, statement in STATEMENTS.items():
            times = [measure(port, statement.format(file=file.name, moment=round(moment * 1000)), moment) for moment in MOMENTS]
            print(f"{name:22}", *("   ended" if each is None else f"{each:8.1f}" for each in times), flush=True)
    finally:
        os.unlink(file.name)


if __name__ == "__main__":
    main()
