#!/usr/bin/env bash
# Formats all Rust code: the workspace and the trainer, which is none of its
# members. `tests/format.sh --check` only says what is not formatted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cargo fmt --all -- "$@"
cargo fmt --manifest-path examples/models/train/Cargo.toml -- "$@"
