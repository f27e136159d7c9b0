#!/bin/sh
# Installs guardrail-proxy from this checkout into an environment of its own, sets up the shims, and shows one run.
#
#   ./install.sh                      into ~/.guardrail
#   GUARDRAIL_HOME=/else ./install.sh somewhere else
#
# Needs python3 >= 3.11 and, for the dependencies, the package index that pip or uv is configured for. No root.
# A second run changes nothing. An interrupted run leaves what was there before: the new environment is built in a
# folder of its own (a venv cannot be moved: its programs name their interpreter) and one symlink is switched at the end.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
home=${GUARDRAIL_HOME:-$HOME/.guardrail}
case $home in /*) ;; *) home=$PWD/$home ;; esac
bin=$HOME/.local/bin
demo=guardrail-demo-ai

say() { printf 'install.sh: %s\n' "$*"; }
die() {
    printf 'install.sh: %s\n' "$*" >&2
    exit 1
}

find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            "$name" -c 'import sys; print(sys.executable)'
            return 0
        fi
    done
    return 1
}

stamp_of() {
    {
        "$python" -c 'import sys; print(sys.executable, sys.version)'
        (cd "$root" && find guardrail_proxy shims pyproject.toml constraints.txt README.md LICENSE -type f \
            ! -path '*/__pycache__/*' -print 2>/dev/null | LC_ALL=C sort | xargs cksum)
    } | cksum | tr -d ' '
}

leave() {
    status=$?
    trap - EXIT HUP INT TERM
    if [ -n "${making:-}" ] && [ -d "$making" ]; then
        rm -rf "$making"
        say "stopped before the end: nothing was changed" >&2
    elif [ -n "${linking:-}" ]; then
        say "stopped before the end: run it again to finish, or guardrail-proxy uninstall to take it back" >&2
    fi
    [ -z "${locked:-}" ] || rm -rf "$home/.installing"
    exit "$status"
}

take_lock() {
    if ! mkdir "$home/.installing" 2>/dev/null; then
        other=$(cat "$home/.installing/pid" 2>/dev/null || echo none)
        if [ "$other" != none ] && kill -0 "$other" 2>/dev/null; then
            die "another install.sh (pid $other) is at work in $home: wait for it"
        fi
    fi
    mkdir -p "$home/.installing"
    locked=yes
    echo $$ >"$home/.installing/pid"
}

make_environment() {
    if command -v uv >/dev/null 2>&1; then
        say "2/4 making $making with uv"
        if uv venv --quiet --python "$python" "$making" &&
            uv pip install --python "$making/bin/python" -c "$root/constraints.txt" "$root"; then
            return
        fi
        say "uv could not install it (its own line is above): trying venv and pip"
        rm -rf "$making"
    fi
    "$python" -c 'import venv, ensurepip' 2>/dev/null || die "$("$python" -c 'import sys
print("python3 has no venv: install the package python3-venv (or python%d.%d-venv), then run this again" % sys.version_info[:2])')"
    say "2/4 making $making with venv and pip (about a minute)"
    mkdir -p "$making"
    log=$making/install.log # a ctrl-C makes python and pip print tracebacks: not on the terminal
    "$python" -m venv "$making" >"$log" 2>&1 || failed "the environment could not be made"
    {
        pip_status=0
        "$making/bin/python" -m pip install --disable-pip-version-check --no-input --progress-bar off \
            -c "$root/constraints.txt" "$root" 2>&1 || pip_status=$?
        echo "$pip_status" >"$making/pip-status"
    } | tee "$log" | sed -n -e 's/^Collecting \([^ ]*\).*/    \1/p' -e 's/^ *WARNING: Retrying.*/    the package index does not answer: trying again/p'
    [ "$(cat "$making/pip-status")" = 0 ] || failed "the dependencies could not be installed"
    rm -f "$making/pip-status" "$log"
}

failed() {
    why=$(grep -i 'error' "$log" | grep -vi 'exited-with-error\|this error originates' | tail -n 4)
    printf '%s\n' "${why:-$(tail -n 4 "$log")}" | sed 's/^ */    /' | cut -c1-300 >&2
    die "$1: the lines above say why"
}

link_command() {
    target=$home/env/bin/$1
    [ "$(readlink "$bin/$1" 2>/dev/null || true)" = "$target" ] && return 0
    if [ -e "$bin/$1" ] && [ ! -L "$bin/$1" ]; then
        say "$bin/$1 is there and not ours: use $target"
        return 0
    fi
    ln -s "$target" "$bin/.$1.$$"
    mv -f "$bin/.$1.$$" "$bin/$1"
    say "linked $bin/$1"
}

has_row() { "$home/env/bin/guardrail-proxy" sql "$query" --format csv | sed 1d | grep -q .; }

[ "$(uname -s)" = Linux ] || say "only Linux is tested"
case $home in *[[:space:]:]*) die "'$home' cannot be on PATH or in a program's first line: choose another folder: GUARDRAIL_HOME=/some/where ./install.sh" ;; esac
python=$(find_python) || die "needs python3 >= 3.11 on PATH: install the package python3 (or python3.11)"
nearest=$home
while [ ! -e "$nearest" ]; do nearest=$(dirname -- "$nearest"); done
is_of() { [ -n "$(find "$nearest" -prune -user "$1")" ]; }
if [ "$(id -u)" = 0 ] && ! is_of 0 && { [ "$nearest" = "$home" ] || is_of "${SUDO_UID:-0}"; }; then
    die "$nearest belongs to another user and this runs as root: run it as that user, without sudo"
fi
say "1/4 $("$python" --version) at $python"

umask 077
mkdir -p "$home" || die "$home cannot be made: choose another GUARDRAIL_HOME"
making=
linking=
locked=
trap leave EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
take_lock

stamp=$(stamp_of)
changed=no
for left in "$home"/env-*; do
    [ ! -d "$left" ] || [ -e "$left/made-folders" ] || rm -rf "$left"
done
if [ "$(readlink "$home/env" 2>/dev/null || true)" = "env-$stamp" ] && [ -e "$home/env/made-folders" ]; then
    say "2/4 $home/env is up to date"
else
    changed=yes
    making=$home/env-$stamp
    rm -rf "$making"
    make_environment
    linking=yes
    before=$(readlink "$home/env" 2>/dev/null || true)
    cat "$home/env/made-folders" >"$making/made-folders.new" 2>/dev/null || :
    mv "$making/made-folders.new" "$making/made-folders"
    making=
    ln -s "env-$stamp" "$home/.env.$$"
    mv -fT "$home/.env.$$" "$home/env" 2>/dev/null || { rm -f "$home/env" && mv "$home/.env.$$" "$home/env"; }
    for old in "$home"/env-*; do
        case ${old##*/} in "env-$stamp" | "$before") ;; *) rm -rf "$old" ;; esac
    done
fi

linking=yes
for folder in "$bin" "$HOME/.local"; do
    [ -d "$folder" ] || printf '%s\n' "$folder" >>"$home/env/made-folders"
done
(umask 022 && mkdir -p "$bin")
link_command guardrail-proxy
link_command "$demo"

GUARDRAIL_HOME=$home
export GUARDRAIL_HOME
say "3/4 guardrail-proxy install"
told=$("$home/env/bin/guardrail-proxy" install) || die "guardrail-proxy install failed: see the line above"
printf '%s\n' "$told" | sed 's/^/    /'
case $told in *"nothing to change"*) ;; *) changed=yes ;; esac

query="SELECT session_id, tool, mode, decision, outcome, evidence, exit_code, n_violations, n_failures FROM sessions
    WHERE tool = '$demo' ORDER BY started_at DESC LIMIT 1"
linking=
if [ "$changed" = yes ] || ! has_row; then
    say "4/4 one real run of $demo through its shim"
    PATH=$home/shims:$home/env/bin:$PATH "$demo" -p "Show me what you can do." || say "the run ended with status $?"
    say "its row, from guardrail-proxy sql:"
else
    say "4/4 nothing was changed; the last run's row, from guardrail-proxy sql:"
fi
"$home/env/bin/guardrail-proxy" sql "$query"
