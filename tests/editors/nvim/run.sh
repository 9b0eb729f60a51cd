#!/usr/bin/env bash
# Drives the Neovim plugin in a real Neovim against the real server: the specifications in
# specs/, one after the other in one editor, and what a person sees, in a pseudo-terminal.
# It has a home of its own below .cache/ and never reads anybody's configuration.
#
#     bash tests/editors/nvim/run.sh            everything
#     bash tests/editors/nvim/run.sh Stop       the tests whose names contain `Stop`
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

export TL_LSP="${TL_LSP:-${CARGO_TARGET_DIR:-$PWD/target}/release/tl-lsp}"
export TL_ROOT="$PWD"
export TL_WORK="$PWD/.cache/editors/nvim-tests/work"
export TL_SITE="$PWD/.cache/editors/nvim-tests/site"
export TL_PYTHON="$PWD/.cache/editors/nvim/bin/python"
nvim="$PWD/.cache/editors/nvim/bin/nvim"

if [[ ! -x "$TL_LSP" ]]; then
    echo "there is no \`$TL_LSP\`: run \`cargo build --release\`"
    exit 1
fi
bash tests/editors/install.sh neovim

# A fresh copy of the examples, which the tests edit; the models are only linked.
rm -rf "$TL_WORK"
mkdir -p "$TL_WORK/examples" "$TL_WORK/home" "$TL_SITE/parser"
cp examples/*.tl "$TL_WORK/examples/"
ln -s "$PWD/examples/models" "$TL_WORK/examples/models"
export HOME="$TL_WORK/home" XDG_CONFIG_HOME="$TL_WORK/home/config" XDG_DATA_HOME="$TL_WORK/home/data"
export XDG_STATE_HOME="$TL_WORK/home/state" XDG_CACHE_HOME="$TL_WORK/home/cache" XDG_RUNTIME_DIR="$TL_WORK/home"
unset VIM VIMRUNTIME NVIM MYVIMRC

# The parser, again whenever the grammar has changed.
parser="$TL_SITE/parser/tensorlogic.so"
sources="$(cat tree-sitter-tensorlogic/src/{parser,scanner}.c | cksum)"
if [[ ! -f "$parser" || "$(cat "$TL_SITE/made-from" 2>/dev/null)" != "$sources" ]]; then
    rm -f "$parser"
    "$nvim" --headless -u tests/editors/nvim/init.lua \
        -c "lua assert(require('tensorlogic.parser').build('$parser'))" -c "qall!" </dev/null
    echo "$sources" >"$TL_SITE/made-from"
fi

# Specifications run once the editor is up: `-c` alone comes before that.
start="vim.schedule(function()
    local held, problem = pcall(dofile, 'tests/editors/nvim/main.lua')
    if not held then
        io.stderr:write(problem .. '\\n')
        os.exit(1)
    end
end)"

# What Neovim itself writes would be drawn over the report; it is shown if no report comes.
status=0
TL_FILTER="${1:-}" timeout 180 "$nvim" --headless -u tests/editors/nvim/init.lua \
    -c "lua $start" </dev/null 2>"$TL_WORK/stderr" | tee "$TL_WORK/report" || status=$?
if ! tail -n 1 "$TL_WORK/report" | grep -q " passed, "; then
    cat "$TL_WORK/stderr"
    echo "0 passed, 1 failed"
    status=1
fi
exit "$status"
