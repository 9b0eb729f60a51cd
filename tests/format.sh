#!/usr/bin/env bash
# Formats all Rust code: the workspace and what is none of its members, the
# trainer, the fuzzing of the grammar and of the language, the speeds of layout, grammar,
# analysis and headers.
# `tests/format.sh --check` only says what is not formatted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo fmt --all -- "$@"
cargo fmt --manifest-path examples/models/train/Cargo.toml -- "$@"
cargo fmt --manifest-path tree-sitter-tensorlogic/fuzz/Cargo.toml -- "$@"
cargo fmt --manifest-path language/fuzz/Cargo.toml -- "$@"
cargo fmt --manifest-path tests/compare/analysis_speed/Cargo.toml -- "$@"
cargo fmt --manifest-path tests/compare/format_speed/Cargo.toml -- "$@"
cargo fmt --manifest-path tests/compare/grammar_speed/Cargo.toml -- "$@"
cargo fmt --manifest-path tests/compare/header_speed/Cargo.toml -- "$@"
