require 'active_record'
require 'bigdecimal'

def expect(what, actual, expected)
  abort "#{what}: got #{actual.inspect[0, 300]}, expected #{expected.inspect[0, 300]}" unless actual == expected
end

# snippet
ActiveRecord::Base.establish_connection(
  adapter: 'mysql2', host: ENV['P2PDB_HOST'], port: ENV['P2PDB_PORT'].to_i, username: ENV['P2PDB_USER'],
  password: ENV['P2PDB_PASSWORD'], database: ENV['P2PDB_DATABASE'], encoding: 'utf8mb4')
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define { create_table(:greetings) { |table| table.string :text } }
class Greeting < ActiveRecord::Base; end
Greeting.create!(text: 'hello')
p Greeting.find_by(text: 'hello').attributes
# end

if ENV['P2PDB_TLS'] != ''
  settings = ActiveRecord::Base.connection_db_config.configuration_hash
  ActiveRecord::Base.establish_connection(settings.merge(ssl_mode: :required, sslverify: false, sslcipher: 'DEFAULT'))
  expect('a cipher', ActiveRecord::Base.connection.select_rows("SHOW STATUS LIKE 'Ssl_cipher'")[0][1].empty?, false)
end

ActiveRecord::Schema.define do
  create_table :shelves do |table|
    table.string :name, limit: 80, null: false, index: { unique: true }
  end
  create_table :things do |table|
    table.references :shelf, foreign_key: { on_delete: :cascade }
    table.integer :normal, index: true
    table.bigint :big
    table.decimal :exact, precision: 20, scale: 6
    table.float :wide, limit: 53
    table.boolean :flag, default: true
    table.date :day
    table.datetime :moment, precision: 6
    table.string :words, limit: 200
    table.text :long_words, limit: 4_294_967_295
    table.binary :bytes
    table.json :document
    table.timestamps
  end
  add_column :shelves, :note, :string, default: 'none'
  change_column :shelves, :note, :string, limit: 200
  rename_column :shelves, :note, :remark
  add_index :shelves, %i[remark name], name: 'by_remark'
end

class Shelf < ActiveRecord::Base
  has_many :things
  validates :name, presence: true
end

class Thing < ActiveRecord::Base
  belongs_to :shelf, optional: true
end

VALUES = { normal: 2_147_483_647, big: -2**63, exact: BigDecimal('12345678901234.56789'), wide: 0.1, flag: false,
           day: Date.new(2024, 2, 29), moment: Time.utc(1999, 12, 31, 23, 59, 59, 123_456), words: 'naïve 日本 🙂',
           long_words: 'x' * 70_000, bytes: "\x00\xFF\x01".b, document: { 'a' => [1, 2.5, nil, 'x'] } }.freeze
shelf = Shelf.create!(name: 'top')
thing = shelf.things.create!(VALUES)
read = Thing.find(thing.id)
VALUES.each { |name, value| expect(name, read[name], value) }
Thing.insert_all((0...10).map { |i| { normal: i, words: "word #{i}", created_at: Time.now, updated_at: Time.now } })
expect('a count', Thing.where(normal: 2..4).where('words LIKE ?', 'word%').count, 3)
expect('eager', Shelf.includes(:things).map { |each| each.things.size }, [1])
expect('a join', Thing.joins(:shelf).where(shelves: { name: 'top' }).pluck(:id), [thing.id])
expect('groups', Thing.where(normal: 0..9).group('normal % 2').count.values.sort, [5, 5])
expect('a page', Thing.order(normal: :desc).limit(2).offset(1).pluck(:normal), [9, 8])
expect('rows changed', Thing.where(normal: 0..4).update_all('normal = normal + 100'), 5)
expect('in batches', Thing.in_batches(of: 4).sum(&:count), 11)
Shelf.upsert({ id: shelf.id, name: 'floor' })
expect('an upsert', Shelf.find(shelf.id).name, 'floor')

Shelf.transaction do
  Shelf.create!(name: 'lost')
  raise ActiveRecord::Rollback
end
Shelf.transaction(isolation: :repeatable_read) do
  Shelf.lock.find(shelf.id)
  Shelf.transaction(requires_new: true) do
    Shelf.create!(name: 'lost')
    raise ActiveRecord::Rollback
  end
  Shelf.create!(name: 'kept')
end
expect('after commit', Shelf.order(:name).pluck(:name), %w[floor kept])
{ -> { Shelf.create!(name: 'kept') } => ActiveRecord::RecordNotUnique,
  -> { Thing.create!(shelf_id: 999) } => ActiveRecord::InvalidForeignKey,
  -> { Thing.create!(words: 'x' * 201) } => ActiveRecord::ValueTooLong,
  -> { Thing.connection.execute('SELEC 1') } => ActiveRecord::StatementInvalid }.each do |action, kind|
  action.call
  abort "#{kind} was expected"
rescue ActiveRecord::StatementInvalid => e
  expect('an error', e.class, kind)
end
Shelf.find(shelf.id).destroy!
expect('what a deleted row took along', Thing.count, 10)

connection = ActiveRecord::Base.connection
expect('tables', connection.tables.sort & %w[shelves things], %w[shelves things])
expect('an index', connection.indexes(:shelves).map(&:name).include?('by_remark'), true)
expect('a foreign key', connection.foreign_keys(:things).map(&:to_table), ['shelves'])
dump = StringIO.new
ActiveRecord::SchemaDumper.dump(connection, dump)
expect('a dumped schema', dump.string.include?('t.decimal "exact", precision: 20, scale: 6'), true)
rows = connection.select_rows('SELECT name, email FROM mydb.mytable ORDER BY name, email')
expect('the fixture', rows, [%w[Evil\ Bob evilbob@gmail.com], %w[Jane\ Deo janedeo@gmail.com],
                             %w[Jane\ Doe jane@doe.com], %w[John\ Doe john@doe.com]])
