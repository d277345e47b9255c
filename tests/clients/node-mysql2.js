// mysql2: its promises, its prepared statements, a pool, and streamed rows.
const mysql = require('mysql2/promise');
const { expectSame, expectErrors, FIXTURE, everyType, OPTIONS, TLS } = require('./conversation.js');

async function snippet() {
  // snippet
  const connection = await mysql.createConnection({
    host: process.env.P2PDB_HOST, port: process.env.P2PDB_PORT, user: process.env.P2PDB_USER,
    password: process.env.P2PDB_PASSWORD, database: process.env.P2PDB_DATABASE,
  });
  await connection.query('CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))');
  await connection.execute('INSERT INTO greeting (text) VALUES (?)', ['hello']);
  const [rows] = await connection.execute('SELECT id, text FROM greeting WHERE text = ?', ['hello']);
  console.log(rows);
  await connection.end();
  // end
}

const VALUES = ['18446744073709551615', -128, 65535, -8388608, 2147483647, '-9223372036854775808', 1,
  '12345678901234.567890', 1.5, 0.1, Buffer.from([2, 0xaa]), 2024, '2024-02-29', '1999-12-31 23:59:59.123456',
  '2024-06-01 12:00:00', '100:00:00.005', 'abc', 'naïve 日本 🙂', 'x'.repeat(70000), Buffer.from([1, 2, 0, 4]),
  Buffer.from([0, 255, 1]), Buffer.from([...Array(256).keys()]), 'large', 'a,c', '{"a": [1, 2.5, null, "x"]}'];

async function main() {
  await snippet();
  const connection = await mysql.createConnection({
    ...OPTIONS, ...(TLS ? { ssl: { rejectUnauthorized: false } } : {}),
    supportBigNumbers: true, bigNumberStrings: true, dateStrings: true, jsonStrings: true, multipleStatements: true,
  });
  if (TLS) expectSame('a cipher', (await connection.query("SHOW STATUS LIKE 'Ssl_cipher'"))[0][0].Value !== '', true);
  await connection.query(everyType());
  const [written] = await connection.execute(`INSERT INTO every_type VALUES (${VALUES.map(() => '?').join(', ')})`, VALUES);
  expectSame('rows written', written.affectedRows, 1);
  await connection.execute('INSERT INTO every_type (id) VALUES (1)');
  for (const way of ['query', 'execute']) {
    const [rows] = await connection[way]({ sql: 'SELECT * FROM every_type ORDER BY id DESC', rowsAsArray: true });
    VALUES.forEach((value, column) => expectSame(`${way}: column ${column} of every type`,
      typeof value === 'string' || Buffer.isBuffer(value) ? rows[0][column] : Number(rows[0][column]), value));
    expectSame('nulls', rows[1].slice(1).every(value => value === null), true);
  }

  await connection.query('CREATE TABLE account (id INT PRIMARY KEY AUTO_INCREMENT, balance INT NOT NULL)');
  await connection.beginTransaction();
  await connection.execute('INSERT INTO account (balance) VALUES (?)', [100]);
  await connection.rollback();
  await connection.beginTransaction();
  const [inserted] = await connection.execute('INSERT INTO account VALUES (?, ?)', [7, 100]);
  expectSame('a count', inserted.affectedRows, 1);
  await connection.commit();
  expectSame('after commit', (await connection.query('SELECT id, balance FROM account'))[0], [{ id: 7, balance: 100 }]);
  const [last] = await connection.query('INSERT INTO account (balance) VALUES (1)');
  expectSame('the last id', last.insertId, 8);
  await expectErrors(sql => connection.query(sql));
  await expectErrors(sql => connection.execute(sql));

  const [several] = await connection.query('SELECT 1 AS a; SELECT 2 AS b; DELETE FROM account');
  expectSame('several results', [several[0][0].a, several[1][0].b, several[2].affectedRows].map(Number), [1, 2, 2]);
  await connection.changeUser({ database: 'mydb' });
  const [fixture] = await connection.execute({ sql: 'SELECT name, email FROM mytable ORDER BY name, email', rowsAsArray: true });
  expectSame('the fixture', fixture, FIXTURE);
  await connection.end();

  const pool = mysql.createPool({ ...OPTIONS, ...(TLS ? { ssl: { rejectUnauthorized: false } } : {}), connectionLimit: 4 });
  const sums = await Promise.all([...Array(20).keys()].map(i => pool.execute('SELECT ? + 1 AS n', [i])));
  expectSame('a pool', sums.map(([rows]) => Number(rows[0].n)), [...Array(20).keys()].map(i => i + 1));
  const streaming = await pool.getConnection();
  let count = 0;
  const stream = streaming.connection.query('SELECT * FROM mydb.mytable a, mydb.mytable b, mydb.mytable c').stream();
  for await (const row of stream) count += row.name ? 1 : 0;
  expectSame('streamed rows', count, 64);
  streaming.release();
  await pool.end();
}

main().catch(error => { console.log(error); process.exit(1); });
