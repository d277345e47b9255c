<?php
function expect(string $what, mixed $actual, mixed $expected): void
{
    if ($actual !== $expected) {
        echo "$what: got ", var_export($actual, true), ', expected ', var_export($expected, true), "\n";
        exit(1);
    }
}

// snippet
$address = sprintf('mysql:host=%s;port=%d;dbname=%s;charset=utf8mb4',
    getenv('P2PDB_HOST'), getenv('P2PDB_PORT'), getenv('P2PDB_DATABASE'));
$connection = new PDO($address, getenv('P2PDB_USER'), getenv('P2PDB_PASSWORD'));
$connection->exec('CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))');
$connection->prepare('INSERT INTO greeting (text) VALUES (?)')->execute(['hello']);
$statement = $connection->prepare('SELECT id, text FROM greeting WHERE text = ?');
$statement->execute(['hello']);
print_r($statement->fetchAll(PDO::FETCH_ASSOC));
// end

// Once with statements that the driver writes out itself, once with real ones.
foreach ([true, false] as $emulates) {
    $options = [PDO::ATTR_EMULATE_PREPARES => $emulates];
    if (getenv('P2PDB_TLS')) {
        $options += [PDO::MYSQL_ATTR_SSL_CIPHER => 'DEFAULT', PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT => false];
    }
    $connection = new PDO($address, getenv('P2PDB_USER'), getenv('P2PDB_PASSWORD'), $options);
    if (getenv('P2PDB_TLS')) {
        expect('a cipher', $connection->query("SHOW STATUS LIKE 'Ssl_cipher'")->fetchAll()[0][1] !== '', true);
    }
    $connection->exec('DROP TABLE IF EXISTS every_type');
    $connection->exec(file_get_contents(getenv('P2PDB_EVERY_TYPE')));
    $written = ['18446744073709551615', -128, 65535, -8388608, 2147483647, PHP_INT_MIN, 1, '12345678901234.567890', 1.5, 0.1, 682,
        '2024', '2024-02-29', '1999-12-31 23:59:59.123456', '2024-06-01 12:00:00', '100:00:00.005', 'abc', 'naïve 日本 🙂',
        str_repeat('x', 70000), "\1\2\0\4", "\0\xff\1", "a\0b", 'large', 'a,c', '{"a": [1, 2.5, null, "x"]}'];
    $marks = implode(', ', array_fill(0, count($written), '?'));
    $statement = $connection->prepare("INSERT INTO every_type VALUES ($marks)");
    foreach ($written as $column => $value) {
        $statement->bindValue($column + 1, $value, is_int($value) ? PDO::PARAM_INT : PDO::PARAM_STR);
    }
    $statement->execute();
    $connection->exec('INSERT INTO every_type (id) VALUES (1)');
    [$row, $nulls] = $connection->query('SELECT * FROM every_type ORDER BY id DESC')->fetchAll(PDO::FETCH_NUM);
    foreach ($written as $column => $value) {
        expect("column $column of every type", $row[$column], $value);
    }
    expect('nulls', array_slice($nulls, 1), array_fill(0, count($written) - 1, null));

    $connection->exec('DROP TABLE IF EXISTS account');
    $connection->exec('CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)');
    $connection->beginTransaction();
    $connection->exec('INSERT INTO account VALUES (1, 100)');
    $connection->rollBack();
    $connection->beginTransaction();
    $connection->exec('INSERT INTO account VALUES (2, 100)');
    $connection->commit();
    $rows = $connection->query('SELECT id, balance FROM account')->fetchAll(PDO::FETCH_NUM);
    expect('after commit', $rows, [[2, 100]]);

    foreach ([[1062, 'INSERT INTO account VALUES (2, 1)'], [1048, 'INSERT INTO account VALUES (3, NULL)'], [1064, 'SELEC 1'],
        [1146, 'SELECT 1 FROM nowhere_to_be_found'], [1054, 'SELECT nothing FROM account']] as [$number, $sql]) {
        $got = 0;
        try {
            $connection->query($sql);
        } catch (PDOException $error) {
            $got = $error->errorInfo[1];
        }
        expect("error of $sql", $got, $number);
    }
    $statement = $connection->prepare('SELECT name, email FROM mydb.mytable WHERE name <> :name ORDER BY name, email');
    $statement->execute(['name' => '']);
    expect('the fixture', $statement->fetchAll(PDO::FETCH_NUM), [['Evil Bob', 'evilbob@gmail.com'],
        ['Jane Deo', 'janedeo@gmail.com'], ['Jane Doe', 'jane@doe.com'], ['John Doe', 'john@doe.com']]);
}
