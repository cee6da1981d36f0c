#!/usr/bin/env bash
# Builds with the coverage preset, runs the tests and prints the share of lines that ran.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tools/common.sh
source tools/common.sh
rw_build coverage
find build/coverage -name '*.gcda' -delete
ctest --test-dir build/coverage --parallel 2 --exclude-regex "^lint_" >&2 || true
python3 tools/coverage.py build/coverage "$PWD"
