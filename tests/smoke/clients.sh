#!/usr/bin/env bash
# Real clients against one node: the mariadb command line and pymysql, the p2pdb command line, restarts, verify.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
source tests/lib.sh
trap 'stop_all; rm -rf "$work"' EXIT

check() { # check WHAT ACTUAL EXPECTED
  if [[ "$2" != "$3" ]]; then
    printf 'clients: %s\n  got:      %q\n  expected: %q\n' "$1" "$2" "$3" >&2
    exit 1
  fi
}

start_node one
sql one "CREATE DATABASE shop; CREATE TABLE shop.item (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40), price DECIMAL(8,2)) ; INSERT INTO shop.item (name, price) VALUES ('tea', 3.5), ('rye bread', 4.25)"
check "rows by the mariadb command line" "$(sql one 'SELECT id, name, price FROM shop.item ORDER BY id')" $'1\ttea\t3.50\n2\trye bread\t4.25'
check "a table as the command line describes it" "$(sql one 'DESCRIBE shop.item' | cut -f1,2)" $'id\tint\nname\tvarchar(40)\nprice\tdecimal(8,2)'
check "status of an error" "$(mariadb --no-defaults -h 127.0.0.1 -P "${node_mysql[one]}" -u root -e 'SELECT * FROM shop.nothing' 2>&1 | tail -n 1)" \
  "ERROR 1146 (42S02) at line 1: Table 'shop.nothing' doesn't exist"
check "rows by p2pdb sql" "$("$p2pdb" sql --port "${node_mysql[one]}" 'SELECT name FROM shop.item WHERE id = 2')" $'name\nrye bread'
/usr/bin/python3 tests/smoke/clients.py "${node_mysql[one]}"

"$p2pdb" status --port "${node_mysql[one]}" | grep -q '^shop'
if "$p2pdb" start --data "$work/one" --mysql 127.0.0.1:0 --p2p off 2>"$work/second.log"; then
  echo "clients: a second process opened the data directory" >&2
  exit 1
fi
grep -qi "in use" "$work/second.log"
if "$p2pdb" start --data "$work/two" --mysql "127.0.0.1:${node_mysql[one]}" --p2p off 2>"$work/port.log"; then
  echo "clients: a second node listens on a taken port" >&2
  exit 1
fi
grep -q -- "--mysql" "$work/port.log"

rows=$(sql one 'SELECT COUNT(*) FROM shop.item')
stop_node one || { echo "clients: SIGTERM ended the node with $?" >&2; exit 1; }
"$p2pdb" verify --data "$work/one"
start_node one
check "rows after a restart" "$(sql one 'SELECT COUNT(*) FROM shop.item')" "$rows"
kill_node one
start_node one
check "rows after kill -9" "$(sql one 'SELECT COUNT(*) FROM shop.item')" "$rows"
stop_node one
echo "clients: passed"
