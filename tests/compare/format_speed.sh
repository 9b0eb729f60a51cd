#!/usr/bin/env bash
# Measures how long the layout of a script takes, for files of 1,000 to 100,000
# lines, and one of the two parses that it needs beside it, in time of the
# processor. Exits with 1 if 1,000 lines take 20 ms or more; the time of a line
# is meant to be the same in all.
#
#     bash tests/compare/format_speed.sh [SCRIPT]
#
# Run it on an otherwise idle machine; it is not part of the test command.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/format_speed" exec cargo run --quiet --release \
    --locked --manifest-path tests/compare/format_speed/Cargo.toml -- "${1:-examples/seed_chat.tl}"
