require 'bigdecimal'
require 'date'
require 'mysql2'

def expect(what, actual, expected)
  abort "#{what}: got #{actual.inspect[0, 300]}, expected #{expected.inspect[0, 300]}" unless actual == expected
end

# snippet
client = Mysql2::Client.new(host: ENV['P2PDB_HOST'], port: ENV['P2PDB_PORT'].to_i, username: ENV['P2PDB_USER'],
                            password: ENV['P2PDB_PASSWORD'], database: ENV['P2PDB_DATABASE'], encoding: 'utf8mb4')
client.query('CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))')
client.prepare('INSERT INTO greeting (text) VALUES (?)').execute('hello')
p client.prepare('SELECT id, text FROM greeting WHERE text = ?').execute('hello').to_a
# end
expect('the last id', client.last_id, 1)

if ENV['P2PDB_TLS'] != ''
  client = Mysql2::Client.new(host: ENV['P2PDB_HOST'], port: ENV['P2PDB_PORT'].to_i, username: ENV['P2PDB_USER'],
                              password: ENV['P2PDB_PASSWORD'], database: ENV['P2PDB_DATABASE'], encoding: 'utf8mb4',
                              ssl_mode: :required, sslverify: false, sslcipher: 'DEFAULT')
  expect('a cipher', client.query("SHOW STATUS LIKE 'Ssl_cipher'").first['Value'].empty?, false)
end
client.query_options.merge!(database_timezone: :utc, application_timezone: :utc)

client.query(File.read(ENV['P2PDB_EVERY_TYPE']))
written = [2**63 - 1, -128, 65_535, -8_388_608, 2_147_483_647, -2**63, 1, BigDecimal('12345678901234.56789'), 1.5, 0.1,
           2024, Date.new(2024, 2, 29), Time.utc(1999, 12, 31, 23, 59, 59, 123_456), Time.utc(2024, 6, 1, 12), 'abc',
           'naïve 日本 🙂', 'x' * 70_000, 'large', 'a,c', '{"a": [1, 2.5, null, "x"]}']
columns = 'id, tiny, small, medium, normal, big, flag, exact, single_precision, double_precision, year_only, day, moment, stamp,' \
          ' fixed, words, long_words, choice, choices, document'
client.prepare("INSERT INTO every_type (#{columns}) VALUES (#{(['?'] * written.size).join(', ')})").execute(*written)
client.query('INSERT INTO every_type (id) VALUES (1)')
[client.query("SELECT #{columns} FROM every_type ORDER BY id DESC", as: :array),
 client.prepare("SELECT #{columns} FROM every_type ORDER BY id DESC").execute(as: :array)].each do |result|
  row, nulls = result.to_a
  written.each_with_index { |value, column| expect("column #{column} of every type", row[column], value) }
  expect('nulls', nulls.drop(1).compact, [])
end

client.query('CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)')
client.query('BEGIN')
client.query('INSERT INTO account VALUES (1, 100)')
client.query('ROLLBACK')
client.query('BEGIN')
client.query('INSERT INTO account VALUES (2, 100), (3, 100)')
expect('rows changed', client.affected_rows, 2)
client.query('COMMIT')
expect('after commit', client.query('SELECT id, balance FROM account ORDER BY id', as: :array).to_a, [[2, 100], [3, 100]])

{ 'INSERT INTO account VALUES (2, 1)' => 1062, 'INSERT INTO account VALUES (4, NULL)' => 1048, 'SELEC 1' => 1064,
  'SELECT 1 FROM nowhere_to_be_found' => 1146, 'SELECT nothing FROM account' => 1054 }.each do |sql, number|
  client.query(sql)
  abort "#{sql} should fail with #{number}"
rescue Mysql2::Error => e
  expect("error of #{sql}", e.error_number, number)
end
rows = client.query('SELECT name, email FROM mydb.mytable ORDER BY name, email', as: :array, stream: true, cache_rows: false)
expect('the fixture', rows.to_a, [%w[Evil\ Bob evilbob@gmail.com], %w[Jane\ Deo janedeo@gmail.com],
                                  %w[Jane\ Doe jane@doe.com], %w[John\ Doe john@doe.com]])
expect('ping', client.ping, true)
