#!/usr/bin/env bash
# two-nodes.sh [SECONDS]: two nodes write the same rows and their own while each is killed with kill -9 again and again and
# the link between them is cut. Fails if an acknowledged change is unaccounted for or the nodes do not end equal.
set -euo pipefail
cd "$(dirname "$0")/../.."
# So little that checkpoints, eviction and compaction go on all the time.
export P2PDB_CHECKPOINT_INTERVAL=${P2PDB_CHECKPOINT_INTERVAL:-256K} P2PDB_STORE_MEMORY=${P2PDB_STORE_MEMORY:-16M}
exec /usr/bin/python3 tests/crash/two_nodes.py --seconds "${1:-60}" "${@:2}"
