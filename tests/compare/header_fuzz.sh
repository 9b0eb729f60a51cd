#!/usr/bin/env bash
# Tries changed headers of weight files for some minutes: each is indexed or refused, in
# time and without a panic. Arithmetic that overflows is a panic here.
#
#     bash tests/compare/header_fuzz.sh 10              ten minutes
#     bash tests/compare/header_fuzz.sh 10 --seed 1     the same headers again
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/fuzz"
nice -n 5 cargo build --quiet --release --bin run --manifest-path language/fuzz/Cargo.toml
"$CARGO_TARGET_DIR/release/run" headers "${@:-10}"
