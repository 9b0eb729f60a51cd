#!/usr/bin/env bash
# Formats all Rust code: the workspace and what is none of its members, the
# trainer, the speed of the grammar and that of headers. `tests/format.sh --check`
# only says what is not formatted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo fmt --all -- "$@"
cargo fmt --manifest-path examples/models/train/Cargo.toml -- "$@"
cargo fmt --manifest-path tests/compare/grammar_speed/Cargo.toml -- "$@"
cargo fmt --manifest-path tests/compare/header_speed/Cargo.toml -- "$@"
