#!/usr/bin/env bash
# Tries random scripts and random edits of the project's own on the check for some minutes:
# no panic, an answer in time, and after an edit the same as for the text read anew.
# Arithmetic that overflows is a panic here. What fails is kept in .cache/language/fuzz/, as
# small as it could be made: the states of a script, in their order.
#
#     bash tests/compare/program_fuzz.sh 10               ten minutes
#     bash tests/compare/program_fuzz.sh 10 --seed 1      the same scripts again
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

minutes="${1:-10}"
shift || true
kept="$PWD/.cache/language/fuzz"
mkdir -p "$kept"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/fuzz"
nice -n 5 cargo build --quiet --release --bin run --manifest-path language/fuzz/Cargo.toml
mapfile -t files < <(find examples tests/suite language/src/inference/tests -name "*.tl" | sort)
"$CARGO_TARGET_DIR/release/run" programs "$minutes" --keep "$kept" "$@" "${files[@]}"
