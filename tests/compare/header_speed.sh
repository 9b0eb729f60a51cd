#!/usr/bin/env bash
# How long the index of a model takes beside reading the bytes of its header, for 291
# tensors and a vocabulary of 128,000 tokens. Fails above 2.5 times as long.
#
#     bash tests/compare/header_speed.sh            Criterion's figures, then the ratio
#     bash tests/compare/header_speed.sh --quick    the same, with fewer runs
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Without `--bench` Criterion only tries whether everything runs.
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/header_speed" exec cargo run --quiet --release --locked \
    --manifest-path tests/compare/header_speed/Cargo.toml -- --bench "$@"
