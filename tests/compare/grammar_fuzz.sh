#!/usr/bin/env bash
# Tries random texts and random edits on the grammar for some minutes: no crash, no hang,
# and a tree that was brought up to date after an edit is the tree of the new text: that of
# the language core always; the differences that tree-sitter itself allows where a text has
# an error are only counted. The C sources can be compiled with checks of every memory
# access. What fails is kept in .cache/grammar/fuzz/, as small as it could be made.
#
#     bash tests/compare/grammar_fuzz.sh 10                   ten minutes
#     bash tests/compare/grammar_fuzz.sh 10 --seed 1          the same texts again
#     SANITIZE=1 bash tests/compare/grammar_fuzz.sh 10        with these checks
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

minutes="${1:-10}"
shift || true
kept="$PWD/.cache/grammar/fuzz"
target="${CARGO_TARGET_DIR:-$PWD/target}/fuzz"
host="$(rustc -vV | sed -n 's/^host: //p')"

build=(nice -n 5 cargo build --quiet --release --bin run --manifest-path tree-sitter-tensorlogic/fuzz/Cargo.toml)
if [[ -n "${SANITIZE:-}" ]]; then
    checks="-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer"
    target="$target/sanitize"
    # With a target of its own these flags stay away from build scripts.
    CFLAGS="$checks" RUSTFLAGS="-C link-arg=-fsanitize=address -C link-arg=-fsanitize=undefined" \
        CARGO_TARGET_DIR="$target" "${build[@]}" --target "$host"
    run="$target/$host/release/run"
else
    CARGO_TARGET_DIR="$target" "${build[@]}"
    run="$target/release/run"
fi

mkdir -p "$kept"
typed=()
for file in examples/*.tl; do typed+=(--typed "$file"); done
mapfile -t files < <(find examples tests/suite tree-sitter-tensorlogic/test -name "*.tl" | sort)
"$run" "$minutes" --keep "$kept" "${typed[@]}" "$@" "${files[@]}"
