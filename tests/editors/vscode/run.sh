#!/usr/bin/env bash
# Tests the extension for VS Code: its parts alone, then inside of a real VS Code that
# a browser without a screen shows. Ends with a line `N passed, N failed`.
#
#     bash tests/editors/vscode/run.sh              everything
#     bash tests/editors/vscode/run.sh unit         the parts alone: seconds
#     bash tests/editors/vscode/run.sh host         with the editor's interface for extensions
#     bash tests/editors/vscode/run.sh ui           what a person sees and clicks
#
# With UPDATE_SCREENSHOT=1, `ui` also makes editors/vscode/images/run.png anew.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

export TL_ROOT="$PWD"
export TL_TARGET="${CARGO_TARGET_DIR:-$PWD/target}"
here=tests/editors/vscode
extension=editors/vscode
built="$PWD/.cache/editors/vscode-tests"

main() {
    bash tests/editors/install.sh vscode
    export PATH="$PWD/.cache/editors/node/bin:$PATH"
    npm_packages "$extension"
    npm_packages "$here"
    build
    if [[ ! -x "$TL_TARGET/release/tl-lsp" ]]; then
        echo "run.sh: there is no $TL_TARGET/release/tl-lsp; please run cargo build --release first"
        return 1
    fi
    node "$built/main.js" "$@"
}

# Installs the locked packages of a folder unless they are there.
npm_packages() {
    [[ "$(cat "$1/node_modules/.complete" 2>/dev/null)" != "$(cat "$1/package-lock.json")" ]] || return 0
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error)
    cp "$1/package-lock.json" "$1/node_modules/.complete"
}

build() {
    # Packaging checks the types and that the grammar is current.
    local tools="$extension/node_modules/.bin"
    mkdir -p "$built"
    "$tools/tsc" --noEmit -p "$here"
    (cd "$extension" && npm run --silent package >"$built/package.log") || { cat "$built/package.log" && return 1; }
    "$tools/esbuild" "$here"/{unit/all,host/index,host/all,ui/all,main}.ts --bundle --platform=node --format=cjs --sourcemap=inline \
        --external:vscode --external:mocha --external:playwright-core --log-level=warning --outdir="$built"
    ln -sfn "$PWD/$here/node_modules" "$built/node_modules"
}

main "$@"
