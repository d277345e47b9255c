"""pymysql against a node: types, transactions, errors, large packets, several statements. See clients.sh."""
import datetime
import decimal
import sys

import pymysql
from pymysql.constants import CLIENT

port = int(sys.argv[1])


def connect(**options):
    return pymysql.connect(host="127.0.0.1", port=port, user="root", **options)


def rows(connection, statement, arguments=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchall()


def expect(what, actual, expected):
    if actual != expected:
        raise SystemExit(f"clients.py: {what}: got {repr(actual)[:500]}, expected {repr(expected)[:500]}")


def expect_error(connection, number, statement, arguments=None):
    try:
        rows(connection, statement, arguments)
    except pymysql.MySQLError as error:
        expect(f"error of {statement[:60]}", error.args[0], number)
    else:
        raise SystemExit(f"clients.py: {statement[:60]} should fail with {number}")


def types(connection):
    rows(connection, """CREATE TABLE all_types (
        id BIGINT UNSIGNED PRIMARY KEY, tiny TINYINT, small SMALLINT UNSIGNED, medium MEDIUMINT, big BIGINT,
        exact DECIMAL(20, 6), single_ FLOAT, double_ DOUBLE, fixed CHAR(8), text_ VARCHAR(200), long_ LONGTEXT,
        bytes_ VARBINARY(20), blob_ BLOB, day DATE, moment DATETIME(6), stamp TIMESTAMP NULL, span TIME(3), doc JSON)""")
    written = (2**64 - 1, -128, 65535, -8388608, -2**63, decimal.Decimal("12345678901234.567890"), 1.5, 0.1,
               "abc", "naïve 日本 🙂", "x" * 70000, b"\x00\xff\x01", bytes(range(256)), datetime.date(2024, 2, 29),
               datetime.datetime(1999, 12, 31, 23, 59, 59, 123456), datetime.datetime(2024, 6, 1, 12, 0, 0),
               datetime.timedelta(hours=100, milliseconds=5), '{"a": [1, 2.5, null, "x"]}')
    rows(connection, f"INSERT INTO all_types VALUES ({', '.join(['%s'] * len(written))})", written)
    for column, (actual, expected) in enumerate(zip(rows(connection, "SELECT * FROM all_types")[0], written)):
        expect(f"column {column} of a row of every type", actual, expected)
    rows(connection, "INSERT INTO all_types (id) VALUES (1)")
    expect("a row of nulls", rows(connection, "SELECT * FROM all_types WHERE id = 1")[0], (1,) + (None,) * 17)


def transactions(connection, other):
    rows(connection, "CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)")
    rows(connection, "INSERT INTO account VALUES (1, 100), (2, 100)")
    connection.commit()
    connection.begin()
    rows(connection, "UPDATE account SET balance = balance - 30 WHERE id = 1")
    expect("own change", rows(connection, "SELECT balance FROM account WHERE id = 1"), ((70,),))
    expect("another's uncommitted change", rows(other, "SELECT balance FROM account WHERE id = 1"), ((100,),))
    rows(other, "SET innodb_lock_wait_timeout = 1")
    expect_error(other, 1205, "UPDATE account SET balance = 0 WHERE id = 1")
    other.rollback()
    connection.rollback()
    expect("after rollback", rows(connection, "SELECT balance FROM account WHERE id = 1"), ((100,),))
    rows(connection, "UPDATE account SET balance = balance + 1")
    connection.commit()
    other.rollback()
    expect("after commit", rows(other, "SELECT SUM(balance) FROM account"), ((decimal.Decimal(202),),))
    connection.commit()


def errors(connection):
    rows(connection, "CREATE TABLE strict_ (id INT PRIMARY KEY, n TINYINT NOT NULL, u INT UNIQUE)")
    rows(connection, "INSERT INTO strict_ VALUES (1, 1, 1)")
    for number, statement in (
            (1062, "INSERT INTO strict_ VALUES (1, 2, 2)"),
            (1062, "INSERT INTO strict_ VALUES (2, 2, 1)"),
            (1048, "INSERT INTO strict_ VALUES (2, NULL, 2)"),
            (1264, "INSERT INTO strict_ VALUES (2, 1000, 2)"),
            (1366, "INSERT INTO strict_ VALUES (2, 'x', 2)"),
            (1136, "INSERT INTO strict_ VALUES (2)"),
            (1054, "SELECT nothing FROM strict_"),
            (1146, "SELECT 1 FROM nowhere"),
            (1049, "USE nowhere"),
            (1064, "SELEC 1"),
            (1050, "CREATE TABLE strict_ (id INT)"),
            (1007, "CREATE DATABASE smoke"),
            (1305, "SELECT no_such_function(1)")):
        expect_error(connection, number, statement)
    expect("nothing of the failed statements", rows(connection, "SELECT * FROM strict_"), ((1, 1, 1),))


def large(connection):
    rows(connection, "CREATE TABLE large (id INT PRIMARY KEY, v LONGBLOB)")
    value = bytes(i % 251 for i in range(17 * 1024 * 1024))
    rows(connection, "INSERT INTO large VALUES (1, %s)", (value,))
    connection.commit()
    expect("17 MiB come back", rows(connection, "SELECT v FROM large")[0][0] == value, True)
    try:
        rows(connect(max_allowed_packet=1 << 30), "SELECT LENGTH('" + "x" * (65 << 20) + "')")
    except (pymysql.MySQLError, ConnectionError):
        pass  # MySQL answers 1153 and closes; a client still writing may see only the close.
    else:
        raise SystemExit("clients.py: a statement over max_allowed_packet was accepted")
    expect("the node lives", rows(connection, "SELECT 1"), ((1,),))


def main():
    connection = connect()
    rows(connection, "CREATE DATABASE smoke")
    connection.select_db("smoke")
    types(connection)
    transactions(connection, connect(database="smoke"))
    errors(connection)
    large(connection)
    several = connect(database="smoke", client_flag=CLIENT.MULTI_STATEMENTS)
    with several.cursor() as cursor:
        cursor.execute("SELECT 1; SELECT 2, 3; SELECT 'x'")
        results = [cursor.fetchall()]
        while cursor.nextset():
            results.append(cursor.fetchall())
    expect("several statements", results, [((1,),), ((2, 3),), (("x",),)])
    print("clients.py: passed")


main()
