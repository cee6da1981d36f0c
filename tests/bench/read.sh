#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Counts the codes read in the pictures kept beside the project.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/read_rate.py" "$@"
