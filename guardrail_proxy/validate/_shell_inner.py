"""WARM. What a command runs in turn: through a wrapper, ``find -exec``, ``xargs``, ``parallel``, or a shell's input."""

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass

from guardrail_proxy.validate._shell_types import SimpleCommand, Word
from guardrail_proxy.validate._shell_wrappers import (
    PREFIXES,
    SHELLS,
    UNWRAP,
    Inner,
    Words,
    Wrapper,
    skip_options,
    words,
)

_PARALLEL = Wrapper(
    words("-j -P -N -n -L -S -a -I -d --jobs --arg-file --colsep --delay --timeout --sshlogin --results")
)
_FIND = Wrapper(words("-x --exec -X --exec-batch"))
_AWK_SYSTEM = re.compile(r"\bsystem\s*\(\s*\"([^\"]{1,2000})\"")
_SEPARATORS = frozenset({":::", "::::", ":::+"})


@dataclass(frozen=True, slots=True)
class Nested:
    """One command, or the text of a script, that a command runs."""

    words: Words = ()
    script: str | None = None
    wrapper: str = ""
    assignments: tuple[tuple[str, str], ...] = ()
    cwd: str = ""


def inners(command: SimpleCommand) -> tuple[Nested, ...]:
    """What the command runs by its arguments."""
    name = command.name
    if own := _OWN.get(name):
        return own(command)
    unwrap = UNWRAP.get(name)
    inner = unwrap(name, command.args) if unwrap is not None else None
    if inner is None or (not inner.words and inner.script is None):
        return ()
    if name == "xargs":
        return _xargs(command, inner)
    return (Nested(inner.words, inner.script, name, inner.assignments, _folder(command)),)


def _folder(command: SimpleCommand) -> str:
    """The folder that ``env -C`` or ``sudo -D`` runs in."""
    if command.name not in ("env", "sudo"):
        return ""
    words = command.words
    flag = "-C" if command.name == "env" else "-D"
    at = words.index(flag) if flag in words[:4] else -1
    return words[at + 1] if 0 <= at < len(words) - 1 else ""


def _find(command: SimpleCommand) -> tuple[Nested, ...]:
    found: list[Nested] = []
    words = command.args
    start = None
    for at, word in enumerate(words):
        if word.text in ("-exec", "-execdir", "-ok", "-okdir"):
            start = at + 1
        elif word.text in (";", "+", "\\;") and start is not None:
            found.append(Nested(words[start:at], wrapper="find"))
            start = None
    if start is not None and start < len(words):
        found.append(Nested(words[start:], wrapper="find"))
    return tuple(one for one in found if one.words)


def _git(command: SimpleCommand) -> tuple[Nested, ...]:
    """``git -c alias.x='!command' x``."""
    values = (word.partition("=")[2] for word in command.words if word.startswith("alias."))
    return tuple(Nested(script=value[1:], wrapper="git") for value in values if value.startswith("!"))


def _awk(command: SimpleCommand) -> tuple[Nested, ...]:
    runs = (found for word in command.words for found in _AWK_SYSTEM.findall(word))
    return tuple(Nested(script=script, wrapper="awk") for script in runs)


def _trap(command: SimpleCommand) -> tuple[Nested, ...]:
    return tuple(Nested(script=word.text, wrapper="trap") for word in command.args[:1])


def _fd(command: SimpleCommand) -> tuple[Nested, ...]:
    flags = [at for at, word in enumerate(command.args) if word.text in _FIND.values]
    return (Nested(command.args[flags[0] + 1 :], wrapper="find"),) if flags else ()


def _xargs(command: SimpleCommand, inner: Inner) -> tuple[Nested, ...]:
    given = stdin_text(command) or literal(command.previous)
    mark = _replace_mark(command)
    words = inner.words
    if given is None:
        return (Nested(words, wrapper="xargs"),)
    if mark:
        return (Nested(tuple(_put(word, mark, given.strip()) for word in words), wrapper="xargs"),)
    return (Nested((*words, *(Word(text) for text in given.split()[:64])), wrapper="xargs"),)


def _replace_mark(command: SimpleCommand) -> str:
    words = command.words
    for at, text in enumerate(words):
        if text == "-I" and at + 1 < len(words):
            return words[at + 1]
        if text.startswith("-I"):
            return text[2:]
        if text.startswith("--replace"):
            return text.partition("=")[2] or "{}"
        if text in ("-i", "-i{}"):
            return "{}"
    return ""


def _put(word: Word, mark: str, value: str) -> Word:
    return Word(word.text.replace(mark, value), word.expands)


def _parallel(command: SimpleCommand) -> tuple[Nested, ...]:
    texts = list(command.words)
    cut = next((at for at, text in enumerate(texts) if text in _SEPARATORS), len(texts))
    words = skip_options(command.args[:cut], _PARALLEL) or ()
    given = tuple(word for word in command.args[cut + 1 :] if word.text not in _SEPARATORS)
    piped = literal(command.previous) if cut == len(texts) else None
    if piped:
        given = tuple(Word(line) for line in piped.splitlines()[:64])
    if not words:
        return tuple(Nested(script=word.text, wrapper="parallel") for word in given[:64])
    if not given:
        return (Nested(words, wrapper="xargs"),)
    if any("{}" in word.text for word in words):
        return tuple(Nested(tuple(_put(w, "{}", one.text) for w in words), wrapper="parallel") for one in given[:16])
    return tuple(Nested((*words, one), wrapper="parallel") for one in given[:16])


_OWN: dict[str, Callable[[SimpleCommand], tuple[Nested, ...]]] = {
    **dict.fromkeys(("find", "gfind", "bfs"), _find),
    **dict.fromkeys(("parallel", "rush"), _parallel),
    **dict.fromkeys(("fd", "fdfind"), _fd),
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk"), _awk),
    "git": _git,
    "trap": _trap,
}
"""Commands that run others in a way of their own."""


def literal(command: SimpleCommand | None) -> str | None:
    """What a command prints, where the line itself says so."""
    if command is None:
        return None
    if command.name in ("echo", "printf") and not any(word.expands for word in command.args):
        words = [word.text for word in command.args if word.text not in ("-n", "-e", "-ne", "-en")]
        return " ".join(words)
    if command.name == "cat" and not command.args:
        return stdin_text(command)
    if command.name == "base64" and command.has_flag("dD", "--decode"):
        return _decoded(stdin_text(command) or literal(command.previous))
    return None


def _decoded(text: str | None) -> str | None:
    try:
        return base64.b64decode(text or "", validate=False).decode("utf-8") if text else None
    except (binascii.Error, UnicodeDecodeError):
        return None


def stdin_text(command: SimpleCommand) -> str | None:
    """The text of the command's heredoc or here-string."""
    return next((one.target.text for one in command.redirects if one.operator in ("<<", "<<<")), None)


def feed(command: SimpleCommand) -> str | None:
    """The script that a shell reads from its standard input, where the line itself holds it."""
    if command.name in SHELLS or command.name in ("source", "."):
        if any(not word.text.startswith(("-", "<(", "/dev/stdin")) or word.text == "-c" for word in command.args):
            return None
        return stdin_text(command) or literal(command.previous)
    if command.name == "ssh" and len(command.operands) == 1:
        return stdin_text(command)
    return None


__all__ = ["PREFIXES", "Nested", "feed", "inners", "literal", "stdin_text"]
