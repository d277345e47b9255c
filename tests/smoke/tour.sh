#!/usr/bin/env bash
# Does what README's five-minute tour says, command by command, on free ports and temporary folders.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec /usr/bin/python3 tests/smoke/tour.py
