#!/usr/bin/env bash
# Runs random programs and compares every value with what was known of it before: shapes
# and element types that were promised, errors that were said to be certain. What is wrong
# is kept in .cache/shapes/.
#
#     bash tests/compare/shape_fuzz.sh 10                    ten minutes
#     bash tests/compare/shape_fuzz.sh 10 --seed 5000        other programs
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

minutes="${1:-10}"
shift || true
cargo build --quiet --release
python3 tests/compare/shape_fuzz.py "${CARGO_TARGET_DIR:-target}/release/tl" "$minutes" \
    --model examples/models/stories-f16.gguf --keep .cache/shapes "$@"
