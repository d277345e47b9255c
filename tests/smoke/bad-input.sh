#!/usr/bin/env bash
# Gives a node what a careless operator, a broken client, a failing disk and a hostile program give it: it must answer and go on.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec /usr/bin/python3 tests/smoke/bad_input.py
