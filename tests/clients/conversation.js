// What the programs of Node's drivers share.
const { deepStrictEqual } = require('node:assert');
const { readFileSync } = require('node:fs');

exports.TLS = process.env.P2PDB_TLS !== '';
exports.OPTIONS = {
  host: process.env.P2PDB_HOST, port: Number(process.env.P2PDB_PORT), user: process.env.P2PDB_USER,
  password: process.env.P2PDB_PASSWORD, database: process.env.P2PDB_DATABASE,
};
exports.FIXTURE = [['Evil Bob', 'evilbob@gmail.com'], ['Jane Deo', 'janedeo@gmail.com'], ['Jane Doe', 'jane@doe.com'],
  ['John Doe', 'john@doe.com']];
exports.everyType = () => readFileSync(process.env.P2PDB_EVERY_TYPE, 'utf8');

exports.expectSame = (what, actual, expected) => {
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    throw new Error(`${what}: ${error.message.slice(0, 1000)}`);
  }
};

// Needs a table account (id, balance NOT NULL) with a row 7.
exports.expectErrors = async run => {
  const errors = [[1062, 'INSERT INTO account VALUES (7, 1)'], [1048, 'INSERT INTO account VALUES (70, NULL)'],
    [1146, 'SELECT 1 FROM nowhere_to_be_found'], [1064, 'SELEC 1'], [1054, 'SELECT nothing FROM account']];
  for (const [number, sql] of errors) {
    let found = 0;
    try {
      await run(sql);
    } catch (error) {
      found = error.errno ?? error.cause?.errno ?? error.original?.errno ?? error;
    }
    exports.expectSame(`error of ${sql}`, found, number);
  }
};
