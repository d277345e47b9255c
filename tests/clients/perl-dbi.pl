# DBI with both of its drivers; each is asked with statements that it writes out itself and with real ones.
use strict;
use warnings;
use utf8;
use DBI;

sub expect {
    my ($what, $actual, $expected) = @_;
    die "$what: got " . ($actual // 'undef') . ", expected " . ($expected // 'undef') . "\n"
        unless ($actual // "\0undef") eq ($expected // "\0undef");
}

sub converse {
    my ($driver, $prepares) = @_;
    my $name = "DBI:$driver:host=$ENV{P2PDB_HOST};port=$ENV{P2PDB_PORT};database=$ENV{P2PDB_DATABASE}";
    my $prefix = $driver eq 'mysql' ? 'mysql' : 'mariadb';
    $name .= ";${prefix}_ssl=1;${prefix}_ssl_verify_server_cert=0" if $ENV{P2PDB_TLS};
    my %options = (RaiseError => 1, PrintError => 0, "${prefix}_server_prepare" => $prepares);
    $options{mysql_enable_utf8mb4} = 1 if $driver eq 'mysql';
    my $connection = DBI->connect($name, $ENV{P2PDB_USER}, $ENV{P2PDB_PASSWORD}, \%options);
    if ($ENV{P2PDB_TLS}) {
        expect('a cipher', length(($connection->selectrow_array("SHOW STATUS LIKE 'Ssl_cipher'"))[1]) > 0, 1);
    }

    $connection->do('DROP TABLE IF EXISTS every_type, account');
    open my $file, '<', $ENV{P2PDB_EVERY_TYPE} or die $!;
    $connection->do(join '', <$file>);
    my @written = ('18446744073709551615', -128, 65535, -8388608, 2147483647, '-9223372036854775808', 1, '12345678901234.567890',
        1.5, 0.1, 2024, '2024-02-29', '1999-12-31 23:59:59.123456', '2024-06-01 12:00:00', '100:00:00.005', 'abc',
        'naïve 日本 🙂', 'x' x 70000, 'large', 'a,c', '{"a": [1, 2.5, null, "x"]}');
    my $columns = 'id, tiny, small, medium, normal, big, flag, exact, single_precision, double_precision, year_only, day, moment,'
        . ' stamp, span, fixed, words, long_words, choice, choices, document';
    my $marks = join ', ', ('?') x @written;
    expect('rows written', $connection->do("INSERT INTO every_type ($columns) VALUES ($marks)", undef, @written), 1);
    my $statement = $connection->prepare("SELECT $columns, normal IS NULL, large FROM every_type WHERE id = ?");
    $statement->execute($written[0]);
    my @row = $statement->fetchrow_array;
    expect("column $_ of every type", $row[$_], $written[$_]) for 0 .. $#written;
    expect('a null', $row[-1], undef);
    $statement->finish;

    $connection->do('CREATE TABLE account (id INT PRIMARY KEY AUTO_INCREMENT, balance INT NOT NULL)');
    $connection->begin_work;
    $connection->do('INSERT INTO account VALUES (1, 100)');
    $connection->rollback;
    $connection->begin_work;
    $connection->do('INSERT INTO account VALUES (2, 100)');
    $connection->commit;
    expect('after commit', join(',', $connection->selectrow_array('SELECT id, balance FROM account')), '2,100');
    $connection->do('INSERT INTO account (balance) VALUES (5)');
    expect('the last id', $connection->last_insert_id(undef, undef, 'account', 'id'), 3);

    for ([1062, 'INSERT INTO account VALUES (2, 1)'], [1048, 'INSERT INTO account VALUES (9, NULL)'], [1064, 'SELEC 1'],
        [1146, 'SELECT 1 FROM nowhere_to_be_found'], [1054, 'SELECT nothing FROM account']) {
        my ($number, $sql) = @$_;
        eval { my $failing = $connection->prepare($sql); $failing->execute; 1 } and die "$sql should fail with $number\n";
        expect("error of $sql", $connection->err, $number);
    }
    my $rows = $connection->selectall_arrayref('SELECT name, email FROM mydb.mytable ORDER BY name, email');
    expect('the fixture', join(';', map { join ',', @$_ } @$rows),
        'Evil Bob,evilbob@gmail.com;Jane Deo,janedeo@gmail.com;Jane Doe,jane@doe.com;John Doe,john@doe.com');
    expect('tables', scalar(grep { /account/ } $connection->tables), 1);
    expect('columns', join(',', map { $_->[3] } @{ $connection->column_info(undef, undef, 'account', '%')->fetchall_arrayref }),
        'id,balance');
    expect('ping', $connection->ping ? 1 : 0, 1);
    $connection->disconnect;
}

# snippet
my $connection = DBI->connect("DBI:MariaDB:host=$ENV{P2PDB_HOST};port=$ENV{P2PDB_PORT};database=$ENV{P2PDB_DATABASE}",
    $ENV{P2PDB_USER}, $ENV{P2PDB_PASSWORD}, { RaiseError => 1 });
$connection->do('CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100))');
$connection->do('INSERT INTO greeting (text) VALUES (?)', undef, 'hello');
print join(' ', $connection->selectrow_array('SELECT id, text FROM greeting WHERE text = ?', undef, 'hello')), "\n";
# end

# Debian builds DBD::mysql without the means to insist on TLS.
for my $driver ($ENV{P2PDB_TLS} ? 'MariaDB' : ('mysql', 'MariaDB')) {
    converse($driver, $_) for 0, 1;
}
