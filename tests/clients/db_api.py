"""The conversation that every driver of Python's DB-API must be able to hold; used by the programs of those drivers."""
import datetime
import decimal
import os

HOST, PORT = os.environ["P2PDB_HOST"], int(os.environ["P2PDB_PORT"])
USER, PASSWORD = os.environ["P2PDB_USER"], os.environ["P2PDB_PASSWORD"]
DATABASE, TLS = os.environ["P2PDB_DATABASE"], bool(os.environ["P2PDB_TLS"])

FIXTURE = [("Evil Bob", "evilbob@gmail.com"), ("Jane Deo", "janedeo@gmail.com"), ("Jane Doe", "jane@doe.com"),
           ("John Doe", "john@doe.com")]
COLUMNS = (
    "id", "tiny", "small", "medium", "normal", "big", "flag", "exact", "single_precision", "double_precision", "bits",
    "year_only", "day", "moment", "stamp", "span", "fixed", "words", "long_words", "fixed_bytes", "some_bytes", "large",
    "choice", "choices", "document")
EVERY_VALUE = (
    2**64 - 1, -128, 65535, -8388608, 2147483647, -2**63, 1,
    decimal.Decimal("12345678901234.567890"), 1.5, 0.1, b"\x02\xaa",
    2024, datetime.date(2024, 2, 29), datetime.datetime(1999, 12, 31, 23, 59, 59, 123456),
    datetime.datetime(2024, 6, 1, 12, 0, 0), datetime.timedelta(hours=100, milliseconds=5),
    "abc", "naïve 日本 🙂", "x" * 70000,
    b"\x01\x02\x00\x04", b"\x00\xff\x01", bytes(range(256)),
    "large", "a,c", '{"a": [1, 2.5, null, "x"]}')
ERRORS = (
    (1062, "INSERT INTO strict_one VALUES (1, 2, 2)"),
    (1062, "INSERT INTO strict_one VALUES (2, 2, 1)"),
    (1048, "INSERT INTO strict_one VALUES (2, NULL, 2)"),
    (1264, "INSERT INTO strict_one VALUES (2, 1000, 2)"),
    (1136, "INSERT INTO strict_one VALUES (2)"),
    (1054, "SELECT nothing FROM strict_one"),
    (1146, "SELECT 1 FROM nowhere_to_be_found"),
    (1049, "USE nowhere_to_be_found"),
    (1064, "SELEC 1"),
    (1050, "CREATE TABLE strict_one (id INT)"))


def every_type():
    with open(os.environ["P2PDB_EVERY_TYPE"], encoding="utf-8") as file:
        return file.read()


def expect(what, actual, expected):
    if actual != expected:
        raise SystemExit(f"{what}: got {repr(actual)[:400]}, expected {repr(expected)[:400]}")


def rows(connection, statement, arguments=None):
    cursor = connection.cursor()
    try:
        cursor.execute(statement, arguments) if arguments is not None else cursor.execute(statement)
        return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
    finally:
        cursor.close()


def types(connection, mark, written, expected_back, select):
    written = tuple(written.get(column, value) for column, value in enumerate(EVERY_VALUE))
    rows(connection, every_type())
    marks = ", ".join([mark] * len(written))
    rows(connection, f"INSERT INTO every_type VALUES ({marks})", written)
    rows(connection, "INSERT INTO every_type (id) VALUES (1)")
    columns = [select.get(column, name) for column, name in enumerate(COLUMNS)]
    read = rows(connection, f"SELECT {', '.join(columns)} FROM every_type ORDER BY id DESC")
    for column, (actual, expected) in enumerate(zip(read[0], written)):
        expect(f"column {column} of every type", actual, expected_back.get(column, expected))
    expect("a row of nulls", read[1], (1,) + (None,) * (len(EVERY_VALUE) - 1))


def transactions(connection, other, mark):
    rows(connection, "CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)")
    cursor = connection.cursor()
    cursor.executemany(f"INSERT INTO account VALUES ({mark}, {mark})", [(1, 100), (2, 100)])
    connection.commit()
    balance = "SELECT balance FROM account WHERE id = 1"
    rows(connection, "UPDATE account SET balance = balance - 30 WHERE id = 1")
    expect("own change", rows(connection, balance), [(70,)])
    expect("another's uncommitted change", rows(other, balance), [(100,)])
    other.rollback()
    connection.rollback()
    expect("after rollback", rows(connection, balance), [(100,)])
    rows(connection, "SAVEPOINT one")
    rows(connection, "UPDATE account SET balance = 0")
    rows(connection, "ROLLBACK TO SAVEPOINT one")
    cursor.execute("UPDATE account SET balance = balance + 1")
    expect("rows changed", cursor.rowcount, 2)
    connection.commit()
    expect("after commit", rows(other, "SELECT SUM(balance) FROM account"), [(decimal.Decimal(202),)])
    other.rollback()


def errors(connection, number_of, error_type):
    rows(connection, "CREATE TABLE strict_one (id INT PRIMARY KEY, n TINYINT NOT NULL, u INT UNIQUE)")
    rows(connection, "INSERT INTO strict_one VALUES (1, 1, 1)")
    for number, statement in ERRORS:
        try:
            rows(connection, statement)
        except error_type as error:
            expect(f"error of {statement}", number_of(error), number)
        else:
            raise SystemExit(f"{statement} should fail with {number}")
    expect("nothing of the failed statements", rows(connection, "SELECT * FROM strict_one"), [(1, 1, 1)])
    connection.commit()


def fixture(connection, mark):
    expect("the fixture", rows(connection, "SELECT name, email FROM mydb.mytable ORDER BY name, email"), FIXTURE)
    literal = "SELECT COUNT(*) FROM mydb.mytable WHERE created_at BETWEEN '2000-01-01T00:00:00Z' AND '2018-04-18T10:42:58Z'"
    if os.environ.get("P2PDB_CONTROL") != "mariadb":
        expect("literals that end in Z", rows(connection, literal), [(4,)])
    expect("a prepared name", rows(connection, f"SELECT email FROM mydb.mytable WHERE name = {mark}", ("Jane Doe",)),
           [("jane@doe.com",)])


def converse(connect, error_type, mark="%s", number_of=lambda error: error.args[0], written=None, read=None, select=None):
    """
    Holds the whole conversation over connections that connect() makes. Where a driver cannot write or read a column of
    every_type as it is, written and read have its own form by the column's number, and select what is asked for instead.
    """
    connection, other = connect(), connect()
    if TLS:
        cipher = rows(connection, "SHOW STATUS LIKE 'Ssl_cipher'")
        expect("a cipher", bool(cipher and cipher[0][1]), True)
    types(connection, mark, written or {}, read or {}, select or {})
    transactions(connection, other, mark)
    errors(connection, number_of, error_type)
    fixture(connection, mark)
    connection.close()
    other.close()
