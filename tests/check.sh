#!/usr/bin/env bash
# Checks everything: installs what the tests need, then formatting, lints, all
# tests, the editors, the GPU back end on a software adapter, and the trainer of
# the models. What it installs for itself lies in .cache/; a second run is fast.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

target="${CARGO_TARGET_DIR:-$PWD/target}"
python=.cache/python

main() {
    step "Debian packages" install_packages
    step "Python for the reference" install_python
    step "formatting" bash tests/format.sh --check
    step "lints" cargo clippy --workspace --all-targets --release -- --deny warnings
    step "build" cargo build --release
    step "tests" cargo test --release --workspace
    step "tests of the grammar" bash tests/grammar/corpus.sh
    step "editors for the tests" bash tests/editors/install.sh
    step "bindings of the grammar" bash tests/grammar/bindings.sh
    step "tests in Neovim" bash tests/editors/nvim/run.sh
    step "tests in VS Code" bash tests/editors/vscode/run.sh
    step "build with wgpu" build_with_wgpu
    step "tests on a GPU, or on the processor that imitates one" test_devices
    step "tests of the trainer" env CARGO_TARGET_DIR="$target/train" \
        cargo test --release --manifest-path examples/models/train/Cargo.toml
    echo "everything holds, after ${SECONDS}s"
}

# Runs a command under a name and tells how long it took; ends with the first
# that fails.
step() {
    local name="$1" started="$SECONDS"
    shift
    echo "== $name"
    # Not in a condition: `set -e` is to hold inside of functions as well.
    current="$name"
    "$@"
    echo "== $name: $((SECONDS - started))s"
}
trap 'status=$?; if ((status)); then echo "check.sh: failed at: ${current:-start}"; fi' EXIT

# A Vulkan driver that needs no GPU, and Python's module for environments.
install_packages() {
    local missing=()
    compgen -G "/usr/share/vulkan/icd.d/lvp_icd*.json" >/dev/null || missing+=(mesa-vulkan-drivers)
    compgen -G "/usr/lib/*/libvulkan.so.1" >/dev/null || missing+=(libvulkan1)
    python3 -c "import venv, ensurepip" 2>/dev/null || missing+=(python3-venv)
    ((${#missing[@]})) || return 0
    if ! command -v apt-get >/dev/null; then
        echo "please install what your system calls: ${missing[*]}"
        return 1
    fi
    local root=()
    [[ "$(id -u)" == 0 ]] || root=(sudo)
    "${root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

install_python() {
    local wanted
    wanted="$(python3 --version; cat tests/reference/requirements.txt)"
    [[ "$(cat "$python/complete" 2>/dev/null)" == "$wanted" ]] && return 0
    rm -rf "$python"
    python3 -m venv "$python"
    "$python/bin/pip" install --quiet --disable-pip-version-check -r tests/reference/requirements.txt
    echo "$wanted" >"$python/complete"
}

# The tests of the command line use the plain executables, so they are made again.
build_with_wgpu() {
    cargo build --release --package tl --features wgpu
    mkdir -p "$target/release/wgpu"
    cp "$target/release/tl" "$target/release/tl-lsp" "$target/release/wgpu/"
    cargo build --release --package tl
}

test_devices() {
    TL_WGPU="$target/release/wgpu/tl" cargo test --release --workspace --test all -- devices:
}

main
