<?php
mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);

function expect(string $what, mixed $actual, mixed $expected): void
{
    if ($actual !== $expected) {
        echo "$what: got ", var_export($actual, true), ', expected ', var_export($expected, true), "\n";
        exit(1);
    }
}

// snippet
$connection = new mysqli(getenv('P2PDB_HOST'), getenv('P2PDB_USER'), getenv('P2PDB_PASSWORD'), getenv('P2PDB_DATABASE'),
    (int)getenv('P2PDB_PORT'));
$connection->set_charset('utf8mb4');
$connection->query('CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))');
$statement = $connection->prepare('INSERT INTO greeting (text) VALUES (?)');
$statement->execute(['hello']);
$statement = $connection->prepare('SELECT id, text FROM greeting WHERE text = ?');
$statement->execute(['hello']);
print_r($statement->get_result()->fetch_all());
// end

if (getenv('P2PDB_TLS')) {
    $connection = mysqli_init();
    $connection->real_connect(getenv('P2PDB_HOST'), getenv('P2PDB_USER'), getenv('P2PDB_PASSWORD'), getenv('P2PDB_DATABASE'),
        (int)getenv('P2PDB_PORT'), null, MYSQLI_CLIENT_SSL | MYSQLI_CLIENT_SSL_DONT_VERIFY_SERVER_CERT);
    $connection->set_charset('utf8mb4');
    expect('a cipher', $connection->query("SHOW STATUS LIKE 'Ssl_cipher'")->fetch_row()[1] !== '', true);
}

// Types, by prepared statements.
$connection->query(file_get_contents(getenv('P2PDB_EVERY_TYPE')));
$written = ['18446744073709551615', -128, 65535, -8388608, 2147483647, PHP_INT_MIN, 1, '12345678901234.567890', 1.5, 0.1, 682,
    '2024', '2024-02-29', '1999-12-31 23:59:59.123456', '2024-06-01 12:00:00', '100:00:00.005', 'abc', 'naïve 日本 🙂',
    str_repeat('x', 70000), "\1\2\0\4", "\0\xff\1", "a\0b", 'large', 'a,c', '{"a": [1, 2.5, null, "x"]}'];
$statement = $connection->prepare('INSERT INTO every_type VALUES (' . implode(', ', array_fill(0, count($written), '?')) . ')');
// Numbers as numbers, the rest as strings; the id has more digits than an integer of PHP.
$kinds = implode('', array_map(fn($value) => is_int($value) ? 'i' : (is_float($value) ? 'd' : 's'), $written));
$statement->bind_param($kinds, ...$written);
$statement->execute();
expect('rows written', $statement->affected_rows, 1);
$connection->query('INSERT INTO every_type (id) VALUES (1)');
$statement = $connection->prepare('SELECT * FROM every_type ORDER BY id DESC');
$statement->execute();
[$row, $nulls] = $statement->get_result()->fetch_all();
foreach ($written as $column => $value) {
    expect("column $column of every type", $row[$column], $value);
}
expect('nulls', array_slice($nulls, 1), array_fill(0, count($written) - 1, null));

// Transactions.
$connection->query('CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)');
$connection->begin_transaction();
$connection->query('INSERT INTO account VALUES (1, 100)');
$connection->rollback();
$connection->begin_transaction();
$connection->query('INSERT INTO account VALUES (2, 100)');
$connection->savepoint('one');
$connection->query('UPDATE account SET balance = 0');
$connection->query('ROLLBACK TO one');
$connection->commit();
expect('after commit', $connection->query('SELECT id, balance FROM account')->fetch_all(), [['2', '100']]);

// Errors.
foreach ([[1062, 'INSERT INTO account VALUES (2, 1)'], [1048, 'INSERT INTO account VALUES (3, NULL)'], [1064, 'SELEC 1'],
    [1146, 'SELECT 1 FROM nowhere_to_be_found'], [1054, 'SELECT nothing FROM account'], [1049, 'USE nowhere_to_be_found']]
    as [$number, $sql]) {
    $got = 0;
    try {
        $connection->query($sql);
    } catch (mysqli_sql_exception $error) {
        $got = $error->getCode();
    }
    expect("error of $sql", $got, $number);
}

// Several results of one request, and rows that are not stored first.
$connection->multi_query('SELECT 1; SELECT 2; SELECT 3');
$results = [];
do {
    $results[] = $connection->store_result()->fetch_row()[0];
} while ($connection->next_result());
expect('several results', $results, ['1', '2', '3']);
$rows = $connection->query('SELECT name, email FROM mydb.mytable ORDER BY name, email', MYSQLI_USE_RESULT)->fetch_all();
expect('the fixture', $rows, [['Evil Bob', 'evilbob@gmail.com'], ['Jane Deo', 'janedeo@gmail.com'],
    ['Jane Doe', 'jane@doe.com'], ['John Doe', 'john@doe.com']]);
