#!/usr/bin/env bash
# Measures what a person at an editor waits for: the start of the server, and
# the problems of a text after an edit. Prints medians and whether each keeps
# its bound; exits with 1 if one does not.
#
#     tests/compare/editor_speed.sh [TL_LSP]
#
# TL_LSP is the executable to measure, by default `target/release/tl-lsp`; the
# bounds are meant for the released one, built with `--features wgpu`. Run it on
# an otherwise idle machine; it is not part of the test command.
set -euo pipefail
server="$(realpath "${1:-"${CARGO_TARGET_DIR:-"$(dirname "${BASH_SOURCE[0]}")/../../target"}/release/tl-lsp"}")"
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec python3 -B tests/compare/editor_speed.py "$server"
