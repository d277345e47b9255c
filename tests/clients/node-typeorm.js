require('reflect-metadata');
const { DataSource, EntitySchema, In, MoreThan } = require('typeorm');
const { expectSame, FIXTURE, OPTIONS, TLS } = require('./conversation.js');

async function snippet() {
  // snippet
  const Greeting = new EntitySchema({
    name: 'greeting', columns: { id: { type: Number, primary: true, generated: true }, text: { type: String, length: 100 } },
  });
  const source = new DataSource({
    type: 'mysql', host: process.env.P2PDB_HOST, port: Number(process.env.P2PDB_PORT), username: process.env.P2PDB_USER,
    password: process.env.P2PDB_PASSWORD, database: process.env.P2PDB_DATABASE, synchronize: true, entities: [Greeting],
  });
  await source.initialize();
  await source.getRepository('greeting').save({ text: 'hello' });
  console.log(await source.getRepository('greeting').findOneBy({ text: 'hello' }));
  await source.destroy();
  // end
}

const Shelf = new EntitySchema({
  name: 'shelf',
  columns: { id: { type: Number, primary: true, generated: true }, name: { type: String, length: 80, unique: true } },
  relations: { things: { type: 'one-to-many', target: 'thing', inverseSide: 'shelf' } },
});
const Thing = new EntitySchema({
  name: 'thing',
  columns: {
    id: { type: 'bigint', primary: true, generated: true }, small: { type: 'smallint' }, normal: { type: 'int' },
    big: { type: 'bigint' }, exact: { type: 'decimal', precision: 20, scale: 6 }, wide: { type: 'double' }, flag: { type: 'boolean' },
    day: { type: 'date' }, moment: { type: 'datetime', precision: 6 }, time: { type: 'time' }, year: { type: 'year' },
    words: { type: 'varchar', length: 200 }, text: { type: 'longtext' }, bytes: { type: 'blob' },
    choice: { type: 'enum', enum: ['small', 'large'] }, choices: { type: 'set', enum: ['a', 'b', 'c'] }, document: { type: 'json' },
    made: { type: 'timestamp', createDate: true }, changed: { type: 'timestamp', updateDate: true }, version: { type: Number, version: true },
  },
  relations: {
    shelf: { type: 'many-to-one', target: 'shelf', inverseSide: 'things', onDelete: 'CASCADE', nullable: true },
    friends: { type: 'many-to-many', target: 'thing', joinTable: true },
  },
  indices: [{ name: 'by_normal', columns: ['normal', 'words'] }],
});
const VALUES = {
  small: -32768, normal: 2147483647, big: '-9223372036854775808', exact: '12345678901234.567890', wide: 0.1, flag: true,
  day: '2024-02-29', moment: new Date('1999-12-31T23:59:59.123Z'), time: '23:59:59', year: 2024, words: 'naïve 日本 🙂',
  text: 'x'.repeat(70000), bytes: Buffer.from([0, 255, 1]), choice: 'large', choices: ['a', 'c'], document: { a: [1, 2.5, null, 'x'] },
};

async function main() {
  await snippet();
  const options = {
    type: 'mysql', host: OPTIONS.host, port: OPTIONS.port, username: OPTIONS.user, password: OPTIONS.password, database: OPTIONS.database,
    supportBigNumbers: true, bigNumberStrings: true, timezone: 'Z', entities: [Shelf, Thing], synchronize: true,
    ...(TLS ? { ssl: { rejectUnauthorized: false } } : {}),
  };
  const source = new DataSource({ ...options, dropSchema: true });
  await source.initialize();
  const shelves = source.getRepository('shelf');
  const things = source.getRepository('thing');
  const shelf = await shelves.save({ name: 'top' });
  const saved = await things.save({ ...VALUES, shelf });
  const read = await things.findOne({ where: { id: saved.id }, relations: { shelf: true } });
  for (const [name, value] of Object.entries(VALUES)) expectSame(name, read[name], value);
  expectSame('a relation', read.shelf.name, 'top');
  await things.save([...Array(10).keys()].map(i => ({ ...VALUES, normal: i, text: 'x' })));
  expectSame('things', await things.count(), 11);
  read.friends = await things.findBy({ normal: In([1, 2, 3]) });
  await things.save(read);
  expectSame('friends', (await things.findOne({ where: { id: saved.id }, relations: { friends: true } })).friends.length, 3);
  const built = await things.createQueryBuilder('t').leftJoin('t.shelf', 's').select('s.name', 'name').addSelect('COUNT(*)', 'n')
    .groupBy('s.name').orderBy('n', 'DESC').getRawMany();
  expectSame('groups', built.map(row => Number(row.n)), [10, 1]);
  expectSame('a page', (await things.find({ where: { normal: MoreThan(2) }, order: { normal: 'DESC' }, skip: 1, take: 2 })).map(each => each.normal), [9, 8]);
  const { version } = read;
  read.words = 'changed';
  expectSame('a version', (await things.save(read)).version, version + 1);

  await source.transaction(async manager => {
    await manager.getRepository('shelf').save({ name: 'lost' });
    throw new Error('rolled back');
  }).catch(error => expectSame('an error', error.message, 'rolled back'));
  await source.transaction('SERIALIZABLE', manager => manager.getRepository('shelf').save({ name: 'kept' }));
  expectSame('after commit', (await shelves.find({ order: { name: 'ASC' } })).map(each => each.name), ['kept', 'top']);
  const duplicate = await shelves.insert({ name: 'kept' }).catch(error => error);
  expectSame('a duplicate', [duplicate.constructor.name, duplicate.errno], ['QueryFailedError', 1062]);
  await shelves.upsert({ id: shelf.id, name: 'floor' }, ['id']);
  await shelves.delete({ id: shelf.id });
  expectSame('what a deleted row took along', await things.count(), 10);
  const rows = await source.query('SELECT name, email FROM mydb.mytable WHERE name <> ? ORDER BY name, email', ['']);
  expectSame('the fixture', rows.map(row => [row.name, row.email]), FIXTURE);
  await source.destroy();

  // A second start finds its tables as it wants them.
  const again = new DataSource({ ...options, synchronize: false });
  await again.initialize();
  const changes = await again.driver.createSchemaBuilder().log();
  expectSame('changes to tables that are as wanted', changes.upQueries.map(each => each.query), []);
  await again.destroy();
}

main().catch(error => { console.log(error); process.exit(1); });
