#!/usr/bin/env bash
# Builds with the coverage preset, runs the tests and prints the share of lines that ran.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=tools/common.sh
source tools/common.sh
rw_build coverage
rw_scratch
find build/coverage -name '*.gcda' -delete
# A program that is killed while it writes its counts leaves a file that no other can add to.
ctest --test-dir build/coverage --parallel 2 --exclude-regex "^lint_|killed" >&2 || true
python3 tools/coverage.py build/coverage "$PWD"
