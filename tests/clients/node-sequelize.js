const { Sequelize, DataTypes, Op } = require('sequelize');
const { expectSame, FIXTURE, OPTIONS, TLS } = require('./conversation.js');

async function snippet() {
  // snippet
  const sequelize = new Sequelize(process.env.P2PDB_DATABASE, process.env.P2PDB_USER, process.env.P2PDB_PASSWORD, {
    dialect: 'mysql', host: process.env.P2PDB_HOST, port: process.env.P2PDB_PORT, logging: false,
  });
  const Greeting = sequelize.define('greeting', { text: DataTypes.STRING });
  await sequelize.sync();
  await Greeting.create({ text: 'hello' });
  console.log((await Greeting.findOne({ where: { text: 'hello' } })).toJSON());
  await sequelize.close();
  // end
}

const VALUES = {
  small: -32768, normal: 2147483647, big: '-9223372036854775808', exact: '12345678901234.567890', wide: 0.1, flag: true,
  day: '2024-02-29', moment: new Date('1999-12-31T23:59:59.123Z'), time: '23:59:59', words: 'naïve 日本 🙂',
  text: 'x'.repeat(70000), bytes: Buffer.from([0, 255, 1]), choice: 'large', document: { a: [1, 2.5, null, 'x'] },
  key: '6ccd780c-baba-1026-9564-5b8c656024db',
};

async function main() {
  await snippet();
  const sequelize = new Sequelize(OPTIONS.database, OPTIONS.user, OPTIONS.password, {
    dialect: 'mysql', host: OPTIONS.host, port: OPTIONS.port, logging: false,
    dialectOptions: { supportBigNumbers: true, bigNumberStrings: true, ...(TLS ? { ssl: { rejectUnauthorized: false } } : {}) },
  });
  await sequelize.authenticate();
  const Shelf = sequelize.define('shelf', { name: { type: DataTypes.STRING(80), unique: true, allowNull: false } });
  const Thing = sequelize.define('thing', {
    small: DataTypes.SMALLINT, normal: DataTypes.INTEGER, big: DataTypes.BIGINT, exact: DataTypes.DECIMAL(20, 6),
    wide: DataTypes.DOUBLE, flag: DataTypes.BOOLEAN, day: DataTypes.DATEONLY, moment: DataTypes.DATE(6), time: DataTypes.TIME,
    words: DataTypes.STRING(200), text: DataTypes.TEXT('long'), bytes: DataTypes.BLOB, choice: DataTypes.ENUM('small', 'large'),
    document: DataTypes.JSON, key: DataTypes.UUID,
  }, { indexes: [{ fields: ['normal', 'words'] }] });
  Shelf.hasMany(Thing, { onDelete: 'CASCADE' });
  Thing.belongsTo(Shelf);
  Thing.belongsToMany(Thing, { as: 'friends', through: 'friendship' });
  await sequelize.sync({ force: true });
  await sequelize.sync({ alter: true });

  const shelf = await Shelf.create({ name: 'top' });
  const thing = await shelf.createThing({ ...VALUES });
  const read = await Thing.findByPk(thing.id);
  for (const [name, value] of Object.entries(VALUES)) expectSame(name, read[name], value);
  const others = await Thing.bulkCreate([...Array(10).keys()].map(i => ({ ...VALUES, normal: i })));
  await thing.addFriends((await Thing.findAll({ limit: 3, order: ['id'] })).map(each => each.id));
  expectSame('friends', await thing.countFriends(), 3);
  expectSame('things', await Thing.count(), 11);
  expectSame('a condition', await Thing.count({ where: { normal: { [Op.between]: [2, 4] }, words: { [Op.like]: '%日本%' } } }), 3);
  const joined = await Shelf.findAll({ include: { model: Thing, where: { flag: true } } });
  expectSame('a join', joined.map(each => each.things.length), [1]);
  expectSame('a sum', Number(await Thing.sum('normal', { where: { normal: { [Op.lt]: 100 } } })), 45);
  expectSame('a page', (await Thing.findAll({ order: [['normal', 'DESC']], limit: 2, offset: 1 })).map(each => each.normal), [9, 8]);
  expectSame('a part of a document', await Thing.count({
    where: sequelize.literal("JSON_EXTRACT(document, '$.a[0]') = 1"),
  }), 11);
  await Thing.increment('normal', { by: 5, where: { normal: 9 } });
  const [upserted] = await Shelf.upsert({ id: shelf.id, name: 'floor' });
  expectSame('an upsert', upserted.name, 'floor');

  await sequelize.transaction(async transaction => {
    await Shelf.create({ name: 'lost' }, { transaction });
    throw new Error('rolled back');
  }).catch(error => expectSame('an error', error.message, 'rolled back'));
  expectSame('after rollback', await Shelf.count({ where: { name: 'lost' } }), 0);
  await sequelize.transaction({ isolationLevel: Sequelize.Transaction.ISOLATION_LEVELS.REPEATABLE_READ }, async transaction => {
    await Shelf.findByPk(shelf.id, { transaction, lock: transaction.LOCK.UPDATE });
    await Shelf.create({ name: 'kept' }, { transaction });
  });
  expectSame('after commit', await Shelf.count({ where: { name: 'kept' } }), 1);
  const duplicate = await Shelf.create({ name: 'kept' }).catch(error => error);
  expectSame('a duplicate', [duplicate.name, duplicate.original.errno], ['SequelizeUniqueConstraintError', 1062]);
  const unknown = await Thing.create({ ...VALUES, shelfId: 999 }).catch(error => error);
  expectSame('a row without its parent', unknown.original.errno, 1452);

  const queries = sequelize.getQueryInterface();
  expectSame('tables', (await queries.showAllTables()).includes('things'), true);
  expectSame('a column', (await queries.describeTable('things')).exact.type, 'DECIMAL(20,6)');
  await queries.addColumn('shelves', 'note', { type: DataTypes.STRING(20), defaultValue: 'none' });
  await queries.changeColumn('shelves', 'note', { type: DataTypes.STRING(200) });
  await queries.renameColumn('shelves', 'note', 'remark');
  await queries.addIndex('shelves', ['remark'], { name: 'by_remark' });
  expectSame('an index', (await queries.showIndex('shelves')).some(index => index.name === 'by_remark'), true);
  await queries.removeColumn('shelves', 'remark');
  const [rows] = await sequelize.query('SELECT name, email FROM mydb.mytable WHERE name <> ? ORDER BY name, email', { replacements: [''] });
  expectSame('the fixture', rows.map(row => [row.name, row.email]), FIXTURE);
  await sequelize.drop();
  await sequelize.close();
}

main().catch(error => { console.log(error); process.exit(1); });
