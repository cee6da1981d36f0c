# shellcheck shell=bash
# ./run bench [NAME [ARGUMENT...]]: the script tests/bench/NAME.sh, .py or .mjs, or else the program NAME that
# rw_bench built.
# Sourced by ./run. Each prints one JSON object a measure on standard output.

rw_configure release
cmake --build build/release -- all bench >&2
rw_npm tests/peers || true
rw_scratch
export ROLWACHT_ROOT="$PWD" ROLWACHT_BIN="$PWD/build/release/bin"
export ROLWACHT_BENCH_BIN="$PWD/build/release/bench-bin"

# Prints the script of a benchmark, or nothing.
bench_script() {
    local file
    for file in "tests/bench/$1".{sh,py,mjs}; do
        if [ -f "$file" ]; then
            printf '%s\n' "$file"
            return
        fi
    done
}

bench_names() {
    local file name
    for file in tests/bench/*.{sh,py,mjs} "$ROLWACHT_BENCH_BIN"/*; do
        [ -f "$file" ] || continue
        name=$(basename "$file")
        printf '%s\n' "${name%.*}"
    done | sort -u
}

bench_one() {
    local name=$1 script
    shift
    script=$(bench_script "$name")
    case "$script" in
    *.sh) bash "$script" "$@" ;;
    *.py) python3 "$script" "$@" ;;
    *.mjs) node "$script" "$@" ;;
    *)
        if [ -x "$ROLWACHT_BENCH_BIN/$name" ]; then
            "$ROLWACHT_BENCH_BIN/$name" "$@"
        else
            say "there is no benchmark \"$name\"; there are: $(bench_names | paste -sd ' ')"
            return 2
        fi
        ;;
    esac
}

if [ $# -gt 0 ]; then
    bench_one "$@"
    exit
fi
status=0
while read -r name; do
    say "benchmark $name"
    bench_one "$name" </dev/null || status=1
done < <(bench_names)
exit "$status"
