#!/usr/bin/env bash
# Compares tl with llama.cpp: tokenizer ids, greedy tokens, speed.
#
#     tests/compare/llama_cpp.sh fixture    writes tests/fixtures/tokenizer-ids.jsonl
#     tests/compare/llama_cpp.sh check      llama.cpp reads the shipped files and draws our tokens
#     tests/compare/llama_cpp.sh speed      prompt and decode speed of tl against llama.cpp
#     tests/compare/llama_cpp.sh install    only builds llama.cpp
#
# The first call builds llama.cpp from source, once, into .cache/. Not part of
# the test command: the fixture it writes is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

version=0.3.36 # of llama-cpp-python, which brings llama.cpp along
environment=.cache/compare
stamp="llama-cpp-python $version, $(<tests/reference/requirements.txt)"

if [[ "$(cat "$environment/complete" 2>/dev/null)" != "$stamp" ]]; then
    echo "building llama.cpp (llama-cpp-python $version) into $environment" >&2
    rm -rf "$environment"
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet -r tests/reference/requirements.txt cmake ninja scikit-build-core
    PATH="$PWD/$environment/bin:$PATH" CMAKE_BUILD_PARALLEL_LEVEL="${JOBS:-$(nproc)}" \
        CMAKE_ARGS="-DGGML_NATIVE=ON -DLLAVA_BUILD=OFF" nice \
        "$environment/bin/pip" install --quiet --no-build-isolation \
        --no-binary llama-cpp-python "llama-cpp-python==$version"
    echo "$stamp" >"$environment/complete"
fi

if [[ "${1:-}" != install ]]; then
    exec "$environment/bin/python" -B tests/compare/compare.py "$@"
fi
