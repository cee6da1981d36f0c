#!/usr/bin/env bash
# The demonstration: one roll from its orders to its dispenser.
set -euo pipefail
exec python3 tools/demo.py "$@"
