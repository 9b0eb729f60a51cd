#!/usr/bin/env bash
# Runs the corpus, highlight and tag tests of the grammar, and checks that what is generated
# from grammar.js is what lies in src/. Installs tree-sitter's command line into
# .cache/tree-sitter/ first, once; nothing is written anywhere else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=0.27.1
cache="$PWD/.cache/tree-sitter"
work="$cache/work"

main() {
    install_tool
    rm -rf "$work"
    mkdir -p "$work" "$cache/home"
    local source=tree-sitter-tensorlogic
    cp -r "$source"/{grammar,grammar.js,tree-sitter.json,src,queries,test} "$work"
    export HOME="$cache/home" XDG_CACHE_HOME="$cache/home" XDG_CONFIG_HOME="$cache/home"
    local passed failed=0
    (cd "$work" && "$cache/bin/tree-sitter" test) >"$cache/test.log" 2>&1 || failed=1
    passed="$(grep -c '✓' "$cache/test.log" || true)"
    ((failed == 0)) || cat "$cache/test.log"
    failed=$((failed + $(grep -c '✗' "$cache/test.log" || true)))
    (cd "$work" && "$cache/bin/tree-sitter" generate --js-runtime native)
    if diff -rq "$source/src" "$work/src"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "src/ is not what grammar.js generates: run \`tree-sitter generate\`"
    fi
    echo "$passed passed, $failed failed"
    ((failed == 0))
}

install_tool() {
    [[ "$(cat "$cache/complete" 2>/dev/null)" == "$version" ]] && return 0
    if [[ "$("$cache/bin/tree-sitter" --version 2>/dev/null)" != "tree-sitter $version"* ]]; then
        CARGO_PROFILE_RELEASE_OPT_LEVEL=1 cargo install --quiet --locked tree-sitter-cli \
            --version "$version" --root "$cache"
    fi
    echo "$version" >"$cache/complete"
}

main
