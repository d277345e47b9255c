// MariaDB's connector: prepared statements, batches, a pool.
const mariadb = require('mariadb');
const { expectSame, expectErrors, FIXTURE, everyType, OPTIONS, TLS } = require('./conversation.js');

async function snippet() {
  // snippet
  const connection = await mariadb.createConnection({
    host: process.env.P2PDB_HOST, port: process.env.P2PDB_PORT, user: process.env.P2PDB_USER,
    password: process.env.P2PDB_PASSWORD, database: process.env.P2PDB_DATABASE, allowPublicKeyRetrieval: true,
  });
  await connection.query('CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))');
  await connection.execute('INSERT INTO greeting (text) VALUES (?)', ['hello']);
  console.log(await connection.execute('SELECT id, text FROM greeting WHERE text = ?', ['hello']));
  await connection.end();
  // end
}

const VALUES = ['18446744073709551615', -128, 65535, -8388608, 2147483647, '-9223372036854775808', 1,
  '12345678901234.567890', 1.5, 0.1, 2024, '2024-02-29', '1999-12-31 23:59:59.123456',
  '2024-06-01 12:00:00', '100:00:00.005', 'abc', 'naïve 日本 🙂', 'x'.repeat(70000), Buffer.from([1, 2, 0, 4]),
  Buffer.from([0, 255, 1]), Buffer.from([...Array(256).keys()]), 'large', 'a,c', '{"a": [1, 2.5, null, "x"]}'];
const COLUMNS = `id, tiny, small, medium, normal, big, flag, exact, single_precision, double_precision, year_only, day, moment,
  stamp, span, fixed, words, long_words, fixed_bytes, some_bytes, large, choice, choices, document`;

async function main() {
  await snippet();
  const options = {
    ...OPTIONS, ...(TLS ? { ssl: { rejectUnauthorized: false } } : {}), allowPublicKeyRetrieval: true, dateStrings: true,
    bigNumberStrings: true, supportBigNumbers: true, autoJsonMap: false, multipleStatements: true, checkDuplicate: false,
  };
  const connection = await mariadb.createConnection(options);
  if (TLS) expectSame('a cipher', (await connection.query("SHOW STATUS LIKE 'Ssl_cipher'"))[0].Value !== '', true);
  await connection.query(everyType());
  const marks = VALUES.map(() => '?').join(', ');
  expectSame('rows written', (await connection.execute(`INSERT INTO every_type (${COLUMNS}) VALUES (${marks})`, VALUES)).affectedRows, 1);
  await connection.query('INSERT INTO every_type (id) VALUES (1)');
  for (const way of ['query', 'execute']) {
    const [row, nulls] = await connection[way]({ sql: `SELECT ${COLUMNS} FROM every_type ORDER BY id DESC`, rowsAsArray: true });
    VALUES.forEach((value, column) => expectSame(`${way}: column ${column} of every type`,
      typeof value === 'number' ? Number(row[column])
        : Array.isArray(row[column]) ? row[column].join(',')   // a SET
          : typeof row[column] === 'object' && !Buffer.isBuffer(row[column]) ? JSON.stringify(row[column]).replace(/([:,])/g, '$1 ')
            : row[column] === `${value}000` ? value : row[column], value));   // binary times have all digits
    expectSame('nulls', nulls.slice(1).every(value => value === null), true);
  }

  await connection.query('CREATE TABLE account (id INT PRIMARY KEY AUTO_INCREMENT, balance INT NOT NULL)');
  await connection.beginTransaction();
  await connection.query('INSERT INTO account (balance) VALUES (?)', [100]);
  await connection.rollback();
  await connection.beginTransaction();
  await connection.batch('INSERT INTO account VALUES (?, ?)', [[7, 100], [8, 100], [9, 100]]);
  await connection.commit();
  expectSame('after a batch', Number((await connection.query('SELECT COUNT(*) AS n FROM account'))[0].n), 3);
  await expectErrors(sql => connection.query(sql));
  await expectErrors(sql => connection.execute(sql));
  const several = await connection.query('SELECT 1 AS a; SELECT 2 AS b; DELETE FROM account');
  expectSame('several results', [Number(several[0][0].a), Number(several[1][0].b), several[2].affectedRows], [1, 2, 3]);
  await connection.reset();
  await connection.query('USE mydb');
  const fixture = await connection.execute({ sql: 'SELECT name, email FROM mytable ORDER BY name, email', rowsAsArray: true });
  expectSame('the fixture', [...fixture], FIXTURE);
  await connection.end();

  const pool = mariadb.createPool({ ...options, connectionLimit: 4 });
  const sums = await Promise.all([...Array(20).keys()].map(i => pool.query('SELECT ? + 1 AS n', [i])));
  expectSame('a pool', sums.map(rows => Number(rows[0].n)), [...Array(20).keys()].map(i => i + 1));
  await pool.end();
}

main().catch(error => { console.log(error); process.exit(1); });
