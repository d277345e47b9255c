// mysql, the first driver of Node: no prepared statements, mysql_native_password only.
const { promisify } = require('node:util');
const mysql = require('mysql');
const { expectSame, expectErrors, FIXTURE, everyType, OPTIONS, TLS } = require('./conversation.js');

function snippet() {
  return new Promise((resolve, reject) => {
    // snippet
    const connection = mysql.createConnection({
      host: process.env.P2PDB_HOST, port: process.env.P2PDB_PORT, user: process.env.P2PDB_USER,
      password: process.env.P2PDB_PASSWORD, database: process.env.P2PDB_DATABASE, charset: 'utf8mb4',
    });
    connection.query('CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))');
    connection.query('INSERT INTO greeting SET ?', { text: 'hello' });
    connection.query('SELECT id, text FROM greeting WHERE text = ?', ['hello'], (error, rows) => {
      console.log(error ?? rows);
      connection.end(() => error ? reject(error) : resolve());
    });
    // end
  });
}

const VALUES = ['18446744073709551615', -128, 65535, -8388608, 2147483647, '-9223372036854775808', 1,
  '12345678901234.567890', 1.5, 0.1, Buffer.from([2, 0xaa]), 2024, '2024-02-29', '1999-12-31 23:59:59.123456',
  '2024-06-01 12:00:00', '100:00:00.005', 'abc', 'naïve 日本 🙂', 'x'.repeat(70000), Buffer.from([1, 2, 0, 4]),
  Buffer.from([0, 255, 1]), Buffer.from([...Array(256).keys()]), 'large', 'a,c', '{"a": [1, 2.5, null, "x"]}'];

async function main() {
  if (OPTIONS.password) {
    console.log('this driver cannot log in by caching_sha2_password');
    process.exit(77);
  }

  await snippet();
  const connection = mysql.createConnection({
    ...OPTIONS, ...(TLS ? { ssl: { rejectUnauthorized: false } } : {}), charset: 'utf8mb4',
    supportBigNumbers: true, bigNumberStrings: true, dateStrings: true, multipleStatements: true,
  });
  const query = promisify(connection.query).bind(connection);
  if (TLS) expectSame('a cipher', (await query("SHOW STATUS LIKE 'Ssl_cipher'"))[0].Value !== '', true);
  await query(everyType());
  expectSame('rows written', (await query('INSERT INTO every_type VALUES (?)', [VALUES])).affectedRows, 1);
  await query('INSERT INTO every_type (id) VALUES (1)');
  const [row, nulls] = (await query('SELECT * FROM every_type ORDER BY id DESC')).map(each => Object.values(each));
  VALUES.forEach((value, column) => expectSame(`column ${column} of every type`,
    typeof value === 'number' ? Number(row[column]) : row[column], value));
  expectSame('nulls', nulls.slice(1).every(value => value === null), true);

  await query('CREATE TABLE account (id INT PRIMARY KEY AUTO_INCREMENT, balance INT NOT NULL)');
  await promisify(connection.beginTransaction).call(connection);
  await query('INSERT INTO account SET ?', { balance: 100 });
  await promisify(connection.rollback).call(connection);
  await promisify(connection.beginTransaction).call(connection);
  await query('INSERT INTO account SET ?', { id: 7, balance: 100 });
  await promisify(connection.commit).call(connection);
  expectSame('the last id', (await query('INSERT INTO account SET balance = 1')).insertId, 8);
  expectSame('a changed row', (await query('UPDATE account SET balance = 100 WHERE id IN (7, 8)')).changedRows, 1);
  await expectErrors(query);
  const several = await query('SELECT 1 AS a; SELECT 2 AS b; DELETE FROM account');
  expectSame('several results', [several[0][0].a, several[1][0].b, several[2].affectedRows].map(Number), [1, 2, 2]);
  await promisify(connection.changeUser).call(connection, { database: 'mydb' });
  expectSame('the fixture', (await query('SELECT name, email FROM mytable ORDER BY name, email')).map(each => Object.values(each)), FIXTURE);
  await promisify(connection.ping).call(connection);
  await promisify(connection.end).call(connection);
}

main().catch(error => { console.log(error); process.exit(1); });
