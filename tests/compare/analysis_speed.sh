#!/usr/bin/env bash
# How long the check of a script takes beside a parse of the same text: a script of 1,000
# lines over the index of TinyLlama, texts of 1,000 to 100,000 lines, and edits of one
# character among 10,000 lines. Prints each ratio with its bound; fails above one.
#
#     bash tests/compare/analysis_speed.sh            Criterion's figures, then the ratios
#     bash tests/compare/analysis_speed.sh --quick    the same, with fewer runs
#
# Run it on an otherwise idle machine; it is not part of the test command.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Without `--bench` Criterion only tries whether everything runs.
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/analysis_speed" exec cargo run --quiet --release --locked \
    --manifest-path tests/compare/analysis_speed/Cargo.toml -- --bench "$@"
