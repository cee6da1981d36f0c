# shellcheck shell=bash
# ./run test: everything built with sanitizers, every test run, one line of counts at the end.
# Sourced by ./run; its arguments are "$@".

if ! rw_build dev; then
    say "the build failed"
    echo "0 passed, 1 failed, 0 skipped"
    exit 1
fi
rw_npm tests/peers || true
rw_scratch

# Tests that failed beside others are run once more, one at a time: a machine that stood still for a
# moment is no fault of ours. What passes only then is named. More than so many is no accident.
again_max=4

results="$PWD/build/dev/test-results.xml"
again="$PWD/build/dev/test-results-again.xml"
failures="$PWD/build/dev/Testing/Temporary/LastTestsFailed.log"
rm -f "$results" "$again" "$failures"
select=()
[ $# -gt 0 ] && select=(-R "$1")

# cmocka reports each case in TAP, so that cases and not programs are counted.
export CMOCKA_MESSAGE_OUTPUT=tap
run_tests() {
    ctest --test-dir build/dev --no-tests=error --output-on-failure \
        --test-output-size-passed 16000000 --test-output-size-failed 16000000 "$@" || true
}
# One more than there are processors: some tests wait for most of their time.
run_tests --parallel $(($(nproc) + 1)) "${select[@]}" --output-junit "$results"
if [ -s "$failures" ] && [ "$(wc -l <"$failures")" -le "$again_max" ]; then
    run_tests --rerun-failed --output-junit "$again"
fi

status=0
counted=("$results")
[ -f "$again" ] && counted+=("$again")
python3 tools/count_results.py "${counted[@]}" || status=$?
exit "$status"
