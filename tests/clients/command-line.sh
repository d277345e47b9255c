#!/usr/bin/env bash
# The mariadb command line, as people and scripts use it.
set -euo pipefail
# snippet
export MYSQL_PWD=$P2PDB_PASSWORD
mariadb -h "$P2PDB_HOST" -P "$P2PDB_PORT" -u "$P2PDB_USER" "$P2PDB_DATABASE" -e "
  CREATE TABLE greeting (id INT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(100));
  INSERT INTO greeting (text) VALUES ('hello');
  SELECT id, text FROM greeting WHERE text = 'hello'"
# end

client=(mariadb --no-defaults --default-character-set=utf8mb4 -h "$P2PDB_HOST" -P "$P2PDB_PORT" -u "$P2PDB_USER" ${P2PDB_TLS:+--ssl})
sql() { "${client[@]}" -N -B "$P2PDB_DATABASE" -e "$1"; }
expect() { # WHAT ACTUAL EXPECTED
  [[ $2 == "$3" ]] || { printf '%s: got %q, expected %q\n' "$@"; exit 1; }
}
expect_error() { # NUMBER STATEMENT
  local message
  if message=$(sql "$2" 2>&1); then echo "$2 should fail with $1"; exit 1; fi
  [[ $message == *"ERROR $1 ("* ]] || { echo "$2 should fail with $1: $message"; exit 1; }
}

sql "$(<"$P2PDB_EVERY_TYPE")"
sql "INSERT INTO every_type VALUES (18446744073709551615, -128, 65535, -8388608, 2147483647, -9223372036854775808, TRUE,
  12345678901234.56789, 1.5, 0.1, b'1010101010', 2024, '2024-02-29', '1999-12-31 23:59:59.123456', '2024-06-01 12:00:00',
  '100:00:00.005', 'abc', 'naïve 日本 🙂', REPEAT('x', 20), x'01020304', x'61ff62', x'00', 'large', 'a,c', '[1, 2.5, null]');
  INSERT INTO every_type (id) VALUES (1)"
expect "every type" "$(sql "SELECT id, tiny, small, medium, normal, big, flag, exact, single_precision, double_precision,
  HEX(bits), year_only, day, moment, stamp, span, fixed, words, long_words, HEX(fixed_bytes), HEX(some_bytes), HEX(large), choice,
  choices, document FROM every_type WHERE id > 1" | tr '\t' '|')" \
  '18446744073709551615|-128|65535|-8388608|2147483647|-9223372036854775808|1|12345678901234.567890|1.5|0.1|2AA|2024|2024-02-29|1999-12-31 23:59:59.123456|2024-06-01 12:00:00|100:00:00.005|abc|naïve 日本 🙂|xxxxxxxxxxxxxxxxxxxx|01020304|61FF62|00|large|a,c|[1, 2.5, null]'
expect "nulls" "$(sql "SELECT words, document, day FROM every_type WHERE id = 1")" $'NULL\tNULL\tNULL'

expect "a transaction rolled back, one committed, a savepoint" "$(sql "
  CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL);
  START TRANSACTION; INSERT INTO account VALUES (1, 100); ROLLBACK;
  START TRANSACTION; INSERT INTO account VALUES (2, 100); SAVEPOINT s; UPDATE account SET balance = 0; ROLLBACK TO s; COMMIT;
  SELECT id, balance FROM account")" $'2\t100'
expect "a prepared statement" "$(sql "PREPARE p FROM 'SELECT balance + ? FROM account WHERE id = ?'; SET @a = 5, @b = 2;
  EXECUTE p USING @a, @b; DEALLOCATE PREPARE p")" 105

expect_error 1062 "INSERT INTO account VALUES (2, 1)"
expect_error 1048 "INSERT INTO account VALUES (3, NULL)"
expect_error 1146 "SELECT 1 FROM nowhere_to_be_found"
expect_error 1064 "SELEC 1"
expect_error 1054 "SELECT nothing FROM account"
expect_error 1049 "USE nowhere_to_be_found"

expect "the fixture" "$(sql "SELECT name, email FROM mydb.mytable ORDER BY name, email" | tr '\t\n' ',;')" \
  "Evil Bob,evilbob@gmail.com;Jane Deo,janedeo@gmail.com;Jane Doe,jane@doe.com;John Doe,john@doe.com;"
printf 'select 1;\n\\s\nshow databases;\nuse %s\nshow tables;\ndesc account\\G\n' "$P2PDB_DATABASE" | "${client[@]}" >interactive
grep -q '^account$' interactive
grep -q "Connection:.*$P2PDB_HOST" interactive
grep -q "Field: balance" interactive

# The tools beside it.
mariadb-admin --no-defaults -h "$P2PDB_HOST" -P "$P2PDB_PORT" -u "$P2PDB_USER" ${P2PDB_TLS:+--ssl} ping status | grep -q Uptime
mariadb-show --no-defaults -h "$P2PDB_HOST" -P "$P2PDB_PORT" -u "$P2PDB_USER" ${P2PDB_TLS:+--ssl} "$P2PDB_DATABASE" | grep -q account
