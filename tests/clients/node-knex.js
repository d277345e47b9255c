const knexOf = require('knex');
const { expectSame, expectErrors, FIXTURE, OPTIONS, TLS } = require('./conversation.js');

async function snippet() {
  // snippet
  const knex = knexOf({
    client: 'mysql2',
    connection: {
      host: process.env.P2PDB_HOST, port: process.env.P2PDB_PORT, user: process.env.P2PDB_USER,
      password: process.env.P2PDB_PASSWORD, database: process.env.P2PDB_DATABASE,
    },
  });
  await knex.schema.createTable('greeting', table => { table.increments('id'); table.string('text', 100); });
  await knex('greeting').insert({ text: 'hello' });
  console.log(await knex('greeting').select('id', 'text').where({ text: 'hello' }));
  await knex.destroy();
  // end
}

const VALUES = {
  small: -32768, normal: 2147483647, big: '-9223372036854775808', exact: '12345678901234.567890', wide: 0.1, flag: 1,
  day: '2024-02-29', moment: '1999-12-31 23:59:59.123456', time: '23:59:59', words: 'naïve 日本 🙂', text: 'x'.repeat(70000),
  bytes: Buffer.from([0, 255, 1]), choice: 'large', document: { a: [1, 2.5, null, 'x'] },
};

async function main() {
  await snippet();
  const knex = knexOf({
    client: 'mysql2', pool: { min: 0, max: 3 },
    connection: {
      ...OPTIONS, dateStrings: true, supportBigNumbers: true, bigNumberStrings: true,
      ...(TLS ? { ssl: { rejectUnauthorized: false } } : {}),
    },
    migrations: {
      migrationSource: {
        getMigrations: async () => ['one', 'two'],
        getMigrationName: name => name,
        getMigration: async name => name === 'one' ? {
          up: schema => schema.schema
            .createTable('shelf', table => { table.increments('id'); table.string('name', 80).notNullable().unique(); })
            .createTable('thing', table => {
              table.bigIncrements('id');
              table.integer('shelf_id').unsigned().references('shelf.id').onDelete('CASCADE');
              table.smallint('small');
              table.integer('normal').index();
              table.bigInteger('big');
              table.decimal('exact', 20, 6);
              table.double('wide');
              table.boolean('flag').defaultTo(true);
              table.date('day');
              table.datetime('moment', { precision: 6 });
              table.time('time');
              table.string('words', 200);
              table.text('text', 'longtext');
              table.binary('bytes');
              table.enu('choice', ['small', 'large']);
              table.json('document');
              table.timestamps(true, true);
            }),
          down: schema => schema.schema.dropTable('thing').dropTable('shelf'),
        } : {
          up: schema => schema.schema.alterTable('shelf', table => { table.string('note', 20).defaultTo('none'); table.index(['note', 'name']); }),
          down: schema => schema.schema.alterTable('shelf', table => { table.dropIndex(['note', 'name']); table.dropColumn('note'); }),
        },
      },
    },
  });
  await knex.migrate.latest();
  await knex.migrate.rollback();
  await knex.migrate.latest();
  expectSame('a column', await knex.schema.hasColumn('shelf', 'note'), true);
  expectSame('a column as described', Number((await knex('thing').columnInfo('words')).maxLength), 200);

  const [shelf] = await knex('shelf').insert({ name: 'top' });
  const [id] = await knex('thing').insert({ ...VALUES, shelf_id: shelf, document: JSON.stringify(VALUES.document) });
  const read = await knex('thing').where({ id }).first();
  for (const [name, value] of Object.entries(VALUES)) expectSame(name, read[name], value);
  await knex.batchInsert('thing', [...Array(25).keys()].map(i => ({ normal: i, words: `word ${i}` })), 10);
  expectSame('a join', (await knex('thing').join('shelf', 'shelf.id', 'thing.shelf_id').select('shelf.name', 'thing.normal')).length, 1);
  expectSame('groups', await knex('thing').select(knex.raw('normal % 2 AS odd')).count('* as n').where('normal', '<', 25)
    .groupBy('odd').orderBy('odd').then(rows => rows.map(row => Number(row.n))), [13, 12]);
  expectSame('rows changed', await knex('thing').where('normal', '<', 5).increment('normal', 100), 5);
  await knex('shelf').insert({ id: shelf, name: 'floor' }).onConflict('id').merge();
  expectSame('an upsert', (await knex('shelf').where({ id: shelf }).first()).name, 'floor');
  const window = await knex('thing').select('normal').rowNumber('r', 'normal').orderBy('r').limit(1);
  expectSame('a window', Number(window[0].r), 1);
  const common = await knex.with('few', query => query.from('thing').select('normal').where('normal', '<', 10)).from('few').count('* as n');
  expectSame('a common table', Number(common[0].n), 5);

  await knex.transaction(async transaction => {
    await transaction('shelf').insert({ name: 'lost' });
    throw new Error('rolled back');
  }).catch(error => expectSame('an error', error.message, 'rolled back'));
  await knex.transaction(async transaction => {
    await transaction('shelf').where({ name: 'floor' }).forUpdate().first();
    await transaction.transaction(async inner => { await inner('shelf').insert({ name: 'lost' }); throw new Error('inner'); }).catch(() => {});
    await transaction('shelf').insert({ name: 'kept' });
  });
  expectSame('after commit', (await knex('shelf').select('name').orderBy('name')).map(row => row.name), ['floor', 'kept']);
  await knex.raw('CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)');
  await knex.raw('INSERT INTO account VALUES (7, 1)');
  await expectErrors(sql => knex.raw(sql));
  let streamed = 0;
  for await (const row of knex('thing').select('id').stream()) streamed += row.id ? 1 : 0;
  expectSame('streamed rows', streamed, 26);
  const fixture = await knex('mydb.mytable').select('name', 'email').orderBy(['name', 'email']);
  expectSame('the fixture', fixture.map(row => [row.name, row.email]), FIXTURE);
  await knex.destroy();
}

main().catch(error => { console.log(error); process.exit(1); });
