# shellcheck shell=bash
# ./run test: everything built with sanitizers, every test run, one line of counts at the end.
# Sourced by ./run; its arguments are "$@".

if ! rw_build dev; then
    say "the build failed"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi
rw_npm tests/peers || true

results="$PWD/build/dev/test-results.xml"
rm -f "$results"
select=()
[ $# -gt 0 ] && select=(-R "$1")

# cmocka reports each case in TAP, so that cases and not programs are counted.
export CMOCKA_MESSAGE_OUTPUT=tap
ctest --test-dir build/dev --parallel 2 --no-tests=error "${select[@]}" \
    --output-junit "$results" --output-on-failure \
    --test-output-size-passed 16000000 --test-output-size-failed 16000000 || true

status=0
python3 tools/count_results.py "$results" || status=$?
exit "$status"
