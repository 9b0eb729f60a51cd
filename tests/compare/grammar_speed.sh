#!/usr/bin/env bash
# Measures the grammar beside tree-sitter-rust: how fast a text is parsed, how fast
# after an edit of one character, and whether the time of a line stays the same in
# long files. Both grammars read the same generated programs, each in its language.
# Prints medians and whether each keeps its bound; exits with 1 if one does not.
#
#     bash tests/compare/grammar_speed.sh
#
# Run it on an otherwise idle machine; it is not part of the test command. The
# package that it builds stands alone, so that the project needs no other grammar.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/grammar_speed" exec cargo run --quiet --release \
    --locked --manifest-path tests/compare/grammar_speed/Cargo.toml
