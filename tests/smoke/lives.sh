#!/usr/bin/env bash
# Ends a node in every way, and makes it lose what its peer holds: it must go on honestly, without a fork.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec /usr/bin/python3 tests/smoke/lives.py
