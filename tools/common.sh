# shellcheck shell=bash
# What every command of ./run needs: packages, npm peers, configure and build.
# Sourced with the root of the tree as working folder.

# ccache needs a home; an account without one keeps its cache in the tree.
if [ -z "${HOME:-}" ] || [ ! -w "${HOME:-/nonexistent}" ]; then
    export CCACHE_DIR="$PWD/build/.ccache"
fi

say() {
    printf 'rolwacht: %s\n' "$*" >&2
}

# What is made for a while from here on lies in a folder that goes when this ends, whoever was killed
# or failed meanwhile. Databases run as another account and go in; a socket's path has 107 bytes.
rw_scratch() {
    TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/rw-XXXXXX")
    chmod 711 "$TMPDIR"
    export TMPDIR
    trap 'rm -rf "$TMPDIR" 2>/dev/null || { sleep 2 && rm -rf "$TMPDIR"; }' EXIT # who was killed may still write
}

# Prints each package of tools/packages.txt that is not there. The second word of a line is a
# program whose presence does as well.
rw_missing_packages() {
    local installed package program
    installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' 2>/dev/null |
        sed -n 's/ installed$//p')
    while read -r package program; do
        case "$package" in '' | '#'*) continue ;; esac
        grep -qxF -- "$package" <<<"$installed" && continue
        [ -n "$program" ] && command -v "$program" >/dev/null && continue
        printf '%s\n' "$package"
    done <tools/packages.txt
}

# Installs what is missing as root; otherwise names it and stops.
rw_packages() {
    local -a missing
    mapfile -t missing < <(rw_missing_packages)
    [ "${#missing[@]}" -eq 0 ] && return
    if [ "$(id -u)" -ne 0 ]; then
        say "some Debian packages are missing; install them with:"
        printf 'apt-get install --no-install-recommends %s\n' "${missing[*]}" >&2
        exit 4
    fi
    say "installing ${missing[*]}"
    rw_apt_install "${missing[@]}" && return
    apt-get -qq update >&2 || true
    if ! rw_apt_install "${missing[@]}"; then
        say "apt-get could not install the packages named above"
        exit 4
    fi
}

rw_apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
        install --no-install-recommends "$@" </dev/null >&2
}

# rw_npm FOLDER: makes its node_modules agree with its lock file. Returns 1 when it could not; then
# the tests that need it skip themselves.
rw_npm() {
    local folder=$1 stamp lock
    lock="$folder/package-lock.json"
    stamp="$folder/node_modules/.lock-sum"
    [ -f "$lock" ] || return 0
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(sha256sum <"$lock")" ]; then
        return 0
    fi
    if (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error \
        --fetch-retries=1 --fetch-retry-mintimeout=1000 </dev/null >&2); then
        sha256sum <"$lock" >"$stamp"
    else
        say "npm could not fetch what $folder asks for; what needs it is skipped"
        return 1
    fi
}

# rw_configure PRESET and rw_build PRESET [TARGET...]
rw_configure() {
    rw_packages
    rw_npm web || true
    local output
    if ! output=$(cmake --preset "$1" 2>&1); then
        printf '%s\n' "$output" >&2
        return 1
    fi
}

rw_build() {
    local preset=$1
    shift
    rw_configure "$preset" && cmake --build "build/$preset" -- "$@" >&2
}
