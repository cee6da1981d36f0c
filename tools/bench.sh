# shellcheck shell=bash
# ./run bench [NAME]: tests/bench/NAME.sh, or else the program NAME that rw_bench built.
# Sourced by ./run. Each prints one JSON object a measure on standard output.

rw_configure release
cmake --build build/release -- all bench >&2
rw_npm tests/peers || true
export ROLWACHT_ROOT="$PWD" ROLWACHT_BIN="$PWD/build/release/bin"
export ROLWACHT_BENCH_BIN="$PWD/build/release/bench-bin"

bench_names() {
    local file
    for file in tests/bench/*.sh; do
        if [ -f "$file" ]; then basename "$file" .sh; fi
    done
    for file in "$ROLWACHT_BENCH_BIN"/*; do
        if [ -x "$file" ] && [ -f "$file" ] && [ ! -f "tests/bench/$(basename "$file").sh" ]; then
            basename "$file"
        fi
    done
}

bench_one() {
    if [ -f "tests/bench/$1.sh" ]; then
        bash "tests/bench/$1.sh"
    elif [ -x "$ROLWACHT_BENCH_BIN/$1" ]; then
        "$ROLWACHT_BENCH_BIN/$1"
    else
        say "there is no benchmark \"$1\"; there are: $(bench_names | paste -sd ' ')"
        return 2
    fi
}

if [ $# -gt 0 ]; then
    bench_one "$1"
    exit
fi
status=0
while read -r name; do
    say "benchmark $name"
    bench_one "$name" </dev/null || status=1
done < <(bench_names)
exit "$status"
