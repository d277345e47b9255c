const mysql = require('mysql2/promise');
const { and, between, count, desc, eq, like, sql } = require('drizzle-orm');
const { drizzle } = require('drizzle-orm/mysql2');
const types = require('drizzle-orm/mysql-core');
const { expectSame, FIXTURE, everyType, OPTIONS, TLS } = require('./conversation.js');

async function snippet() {
  // snippet
  const connection = await mysql.createConnection({
    host: process.env.P2PDB_HOST, port: process.env.P2PDB_PORT, user: process.env.P2PDB_USER,
    password: process.env.P2PDB_PASSWORD, database: process.env.P2PDB_DATABASE,
  });
  const db = drizzle(connection);
  const greeting = types.mysqlTable('greeting', {
    id: types.int('id').primaryKey().autoincrement(), text: types.varchar('text', { length: 100 }),
  });
  await db.execute(sql`CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))`);
  await db.insert(greeting).values({ text: 'hello' });
  console.log(await db.select().from(greeting).where(eq(greeting.text, 'hello')));
  await connection.end();
  // end
}

const everything = types.mysqlTable('every_type', {
  id: types.bigint('id', { mode: 'bigint', unsigned: true }).primaryKey(), tiny: types.tinyint('tiny'),
  small: types.smallint('small', { unsigned: true }), medium: types.mediumint('medium'), normal: types.int('normal'),
  big: types.bigint('big', { mode: 'bigint' }), flag: types.boolean('flag'), exact: types.decimal('exact', { precision: 20, scale: 6 }),
  single: types.float('single_precision'), wide: types.double('double_precision'), year: types.year('year_only'),
  day: types.date('day', { mode: 'string' }), moment: types.datetime('moment', { mode: 'string', fsp: 6 }),
  stamp: types.timestamp('stamp', { mode: 'date' }), span: types.time('span', { fsp: 3 }), fixed: types.char('fixed', { length: 8 }),
  words: types.varchar('words', { length: 200 }), text: types.longtext('long_words'),
  choice: types.mysqlEnum('choice', ['small', 'large']), document: types.json('document'),
});
const VALUES = {
  id: 2n ** 64n - 1n, tiny: -128, small: 65535, medium: -8388608, normal: 2147483647, big: -(2n ** 63n), flag: true,
  exact: '12345678901234.567890', single: 1.5, wide: 0.1, year: 2024, day: '2024-02-29', moment: '1999-12-31 23:59:59.123456',
  stamp: new Date('2024-06-01T12:00:00Z'), span: '100:00:00.005', fixed: 'abc', words: 'naïve 日本 🙂', text: 'x'.repeat(70000),
  choice: 'large', document: { a: [1, 2.5, null, 'x'] },
};

async function main() {
  await snippet();
  const pool = mysql.createPool({
    ...OPTIONS, supportBigNumbers: true, bigNumberStrings: true, timezone: 'Z', ...(TLS ? { ssl: { rejectUnauthorized: false } } : {}),
  });
  const db = drizzle(pool);
  await pool.query(everyType());
  await db.insert(everything).values(VALUES);
  const [read] = await db.select().from(everything).where(eq(everything.id, VALUES.id));
  for (const [name, value] of Object.entries(VALUES)) expectSame(name, read[name], value);
  await db.insert(everything).values([...Array(20).keys()].map(i => ({ id: BigInt(i + 1), normal: i, words: `word ${i}` })));
  const found = await db.select({ normal: everything.normal }).from(everything)
    .where(and(between(everything.normal, 3, 9), like(everything.words, 'word%'))).orderBy(desc(everything.normal)).limit(2);
  expectSame('a condition', found.map(row => row.normal), [9, 8]);
  const [{ n }] = await db.select({ n: count() }).from(everything);
  expectSame('a count', n, 21);
  await db.insert(everything).values({ id: 1n, normal: 0 }).onDuplicateKeyUpdate({ set: { normal: 77 } });
  const prepared = db.select({ normal: everything.normal }).from(everything).where(eq(everything.id, sql.placeholder('id'))).prepare();
  expectSame('a prepared statement', await prepared.execute({ id: 1n }), [{ normal: 77 }]);
  await db.transaction(async transaction => {
    await transaction.delete(everything);
    transaction.rollback();
  }).catch(error => expectSame('a rollback', error.constructor.name, 'TransactionRollbackError'));
  await db.transaction(async transaction => {
    await transaction.update(everything).set({ normal: 78 }).where(eq(everything.id, 1n));
    await transaction.transaction(async inner => { await inner.delete(everything); inner.rollback(); }).catch(() => {});
  }, { isolationLevel: 'repeatable read' });
  expectSame('after commit', await prepared.execute({ id: 1n }), [{ normal: 78 }]);
  const duplicate = await db.insert(everything).values({ id: 1n }).catch(error => error);
  expectSame('a duplicate', (duplicate.cause ?? duplicate).errno, 1062);
  const [rows] = await db.execute(sql`SELECT name, email FROM mydb.mytable WHERE name <> ${''} ORDER BY name, email`);
  expectSame('the fixture', rows.map(row => [row.name, row.email]), FIXTURE);
  await pool.end();
}

main().catch(error => { console.log(error); process.exit(1); });
