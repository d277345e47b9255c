#!/usr/bin/env bash
# Real clients against a running server. Each program in this directory is one client: it connects, creates, writes and
# reads every type it knows, uses transactions and prepared statements, and asserts the numbers of errors.
#
#   tests/clients/run.sh HOST PORT USER PASSWORD [--tls] [--apps] [--only RE] [--install]
#
#   --tls       connect with TLS
#   --apps      run whole applications too
#   --only RE   run the programs whose name matches
#   --install   install what the programs need first, from Debian and npm (as root)
#
# A program whose client is not installed is skipped; where CI is set, that fails. The last line is
# "N passed, N failed, N skipped".
set -euo pipefail
shopt -s inherit_errexit
here=$(cd "$(dirname "$0")" && pwd)
usage() { sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 2; }

(($# >= 4)) || usage
export P2PDB_HOST=$1 P2PDB_PORT=$2 P2PDB_USER=$3 P2PDB_PASSWORD=$4 P2PDB_TLS=""
only=. apps=0 install=0
shift 4
while (($#)); do
  case $1 in
    --tls) P2PDB_TLS=1 ;;
    --apps) apps=1 ;;
    --install) install=1 ;;
    --only) only=${2:?}; shift ;;
    *) usage ;;
  esac
  shift
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source "$here/programs.sh"
((install)) && install_clients
export P2PDB_EVERY_TYPE=$here/every-type.sql

passed=0 failed=0 skipped=0
report() { printf '%-8s%-24s%s\n' "$1" "$2" "${3:-}"; }

administer() {
  MYSQL_PWD=$P2PDB_PASSWORD mariadb --no-defaults -h "$P2PDB_HOST" -P "$P2PDB_PORT" -u "$P2PDB_USER" --protocol=tcp \
    ${P2PDB_TLS:+--ssl} "$@"
}

python3 "$here/snippets.py"
administer <"$here/fixture.sql"
for program in "$here"/*-*.*; do
  name=$(basename "${program%.*}")
  [[ $program != *.sql && $program != *.json && $name =~ $only ]] || continue
  [[ $name != app-* ]] || ((apps)) || continue
  export P2PDB_DATABASE=clients_${name//-/_} P2PDB_WORK=$work/$name
  mkdir -p "$P2PDB_WORK"
  administer -e "DROP DATABASE IF EXISTS $P2PDB_DATABASE; CREATE DATABASE $P2PDB_DATABASE"
  started=$SECONDS status=0
  (cd "$P2PDB_WORK" && run_program "$program") >"$work/$name.log" 2>&1 || status=$?
  case $status in
    0) passed=$((passed + 1)); report passed "$name" "$((SECONDS - started)) s" ;;
    77) skipped=$((skipped + 1)); report skipped "$name" "$(tail -n 1 "$work/$name.log")" ;;
    *) failed=$((failed + 1)); report FAILED "$name" "status $status"; tail -n 25 "$work/$name.log" | sed 's/^/  | /' ;;
  esac
done
administer -e "DROP DATABASE mydb"

echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0 && passed > 0)) && [[ -z ${CI:-} || $skipped == 0 ]]
