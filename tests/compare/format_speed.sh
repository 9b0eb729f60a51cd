#!/usr/bin/env bash
# Measures how long the layout of a script takes, for files of 1,000 to 100,000
# lines, and the two parses that it needs beside it (`parse ms` is one of them).
#
#     tests/compare/format_speed.sh [SCRIPT]
#
# 1,000 lines are meant to take less than 20 ms, and the time of a line is meant
# to be the same in all. Run it on an otherwise idle machine; it is not part of
# the test command.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec cargo run --quiet --release --package tensorlogic-language --example format_speed -- \
    "${1:-examples/seed_chat.tl}"
