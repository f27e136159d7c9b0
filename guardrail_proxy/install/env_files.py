"""COLD. env.sh and env.fish: put the shims first on PATH, once, in every shell that sources them."""

from collections.abc import Callable

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import Home
from guardrail_proxy.install.render_shim import search_path

NO_PYTHON = "guardrail-proxy: no working python3 in {folders}: {what}; install python3 or run install.sh again"
WITHOUT = "AI CLIs run unguarded in this shell"
STRICT_WITHOUT = "AI CLIs do not start in strict"

SH = """\
# Made by `guardrail-proxy install`, removed by `guardrail-proxy uninstall`. For sh, bash and zsh.
_guardrail_shims={shims}
_guardrail_first=$_guardrail_shims
_guardrail_python=
for _guardrail_folder in {folders}; do
    if [ -x "$_guardrail_folder/python3" ]; then
        _guardrail_python=$_guardrail_folder/python3
        break
    fi
done
case $-${{_guardrail_ran:-}} in
    *ran) ;;
    *i*)  # a terminal can wait for it, once
        if "${{_guardrail_python:-false}}" -IS -c '' </dev/null >/dev/null 2>&1; then
            _guardrail_ran=ran
        else
            _guardrail_python=
        fi
        ;;
esac
if [ -z "$_guardrail_python" ]; then
    _guardrail_first={without}
    if [ -t 2 ] && [ -z "${{_guardrail_told:-}}" ]; then
        _guardrail_told=yes
        printf '%s\\n' {message} >&2
    fi
fi
case "$_guardrail_first:$PATH:" in
    "$_guardrail_shims:$_guardrail_shims:"*) ;;
    *)
        _guardrail_path=":$PATH:"
        while case "$_guardrail_path" in *":$_guardrail_shims:"*) true ;; *) false ;; esac; do
            _guardrail_path="${{_guardrail_path%%":$_guardrail_shims:"*}}:${{_guardrail_path#*":$_guardrail_shims:"}}"
        done
        _guardrail_path=${{_guardrail_path#:}}
        _guardrail_path=${{_guardrail_path%:}}
        PATH="$_guardrail_first${{_guardrail_first:+${{_guardrail_path:+:}}}}$_guardrail_path"
        export PATH
        unset _guardrail_path
        ;;
esac
unset _guardrail_shims _guardrail_first _guardrail_python _guardrail_folder
if [ -x "$HOME/.local/bin/guardrail-proxy" ]; then
    case ":$PATH:" in
        *":$HOME/.local/bin:"*) ;;
        *)
            PATH="$PATH:$HOME/.local/bin"
            export PATH
            ;;
    esac
fi
"""

FISH = """\
# Made by `guardrail-proxy install`, removed by `guardrail-proxy uninstall`. For fish.
set -l guardrail_shims {shims}
set -l guardrail_first $guardrail_shims
set -l guardrail_python (for folder in {folders}; test -x $folder/python3; and echo $folder/python3; and break; end)
if set -q guardrail_python[1]; and status is-interactive
    $guardrail_python -IS -c '' </dev/null >/dev/null 2>&1; or set guardrail_python
end
if not set -q guardrail_python[1]
    set guardrail_first {without}
    if test -t 2; and not set -q guardrail_told
        set -g guardrail_told yes
        echo {message} >&2
    end
end
if test "$PATH[1]" != "$guardrail_first"; or test (count $guardrail_first) -eq 0
    set -l guardrail_rest (for folder in $PATH; test "$folder" = "$guardrail_shims"; or printf '%s\\n' $folder; end)
    set -gx PATH $guardrail_first $guardrail_rest
end
if test -x ~/.local/bin/guardrail-proxy; and not contains -- ~/.local/bin $PATH
    set -gx PATH $PATH ~/.local/bin
end
"""


def env_sh(home: Home, *, strict: bool) -> str:
    """For sh, bash and zsh. Without a python3 the folder leaves PATH, so that CLIs start; in strict it stays there."""
    return _filled(SH, home, strict=strict, quote=sh_quote, own="$_guardrail_shims")


def env_fish(home: Home, *, strict: bool) -> str:
    """For fish."""
    return _filled(FISH, home, strict=strict, quote=fish_quote, own="$guardrail_shims")


def sh_quote(text: str) -> str:
    """A text as one word of a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def fish_quote(text: str) -> str:
    """A text as one word of fish."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def checked_home(home: Home) -> None:
    """ConfigError when the home's path cannot stand on a PATH."""
    if any(character in str(home.root) for character in ":\n\r"):
        raise ConfigError(
            f"{str(home.root)!r} cannot be on PATH (colon or line end in it): choose another GUARDRAIL_HOME"
        )


def _filled(form: str, home: Home, *, strict: bool, quote: Callable[[str], str], own: str) -> str:
    """``own``: the shell's variable that holds our folder."""
    checked_home(home)
    folders = search_path(home.root).split(":")
    return form.format(
        shims=quote(str(home.shims)),
        folders=" ".join(map(quote, folders)),
        without=own if strict else "",
        message=quote(NO_PYTHON.format(folders=", ".join(folders), what=STRICT_WITHOUT if strict else WITHOUT)),
    )
