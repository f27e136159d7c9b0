"""WARM. Commands that run another command, and how the other one is found in their arguments."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from guardrail_proxy.validate._shell_types import Word

Words = tuple[Word, ...]


def words(text: str) -> frozenset[str]:
    """The set of words in a text, for tables."""
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class Inner:
    """What a wrapper runs: words of a command, or the text of a script."""

    words: Words = ()
    script: str | None = None
    assignments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A wrapper's options that take a value, and how many operands stand before the command."""

    values: frozenset[str] = frozenset()
    operands: int = 0
    never: frozenset[str] = field(default_factory=frozenset)
    """Options with which it runs nothing."""


def _wrapper(values: str = "", operands: int = 0, never: str = "") -> Wrapper:
    return Wrapper(words(values), operands, words(never))


_SUDO = "-u -g -h -p -C -D -R -T -U -r -t --user --group --host --prompt --chdir --chroot --role --type --close-from"
PREFIXES: dict[str, Wrapper] = {
    "sudo": _wrapper(_SUDO, never="-l -e -v -K -k --list --edit"),
    "doas": _wrapper("-u -C"),
    "run0": _wrapper("-u --user"),
    "env": _wrapper("-u --unset -C --chdir -P"),
    "nohup": _wrapper(),
    "setsid": _wrapper(),
    "time": _wrapper("-f -o --format --output"),
    "nice": _wrapper("-n --adjustment"),
    "ionice": _wrapper("-c -n --class --classdata"),
    "timeout": _wrapper("-k -s --kill-after --signal", operands=1),
    "gtimeout": _wrapper("-k -s", operands=1),
    "stdbuf": _wrapper("-i -o -e"),
    "command": _wrapper(never="-v -V -vp"),
    "builtin": _wrapper(),
    "exec": _wrapper("-a"),
    "coproc": _wrapper(),
    "busybox": _wrapper(never="--list"),
    "toybox": _wrapper(),
    "watch": _wrapper("-n --interval -q"),
    "unbuffer": _wrapper(),
    "caffeinate": _wrapper("-t -w"),
    "chronic": _wrapper(),
    "strace": _wrapper("-e -o -p -s"),
    "chroot": _wrapper("--userspec --groups", operands=1),
    "flock": _wrapper("-w --timeout -E", operands=1),
    "proxychains": _wrapper("-f"),
    "proxychains4": _wrapper("-f"),
    "xargs": _wrapper(
        "-I -n -P -L -d -a -s -E --max-args --max-procs --max-lines --delimiter --arg-file --max-chars --eof"
    ),
    "entr": _wrapper(),
    "nsenter": _wrapper("-t --target"),
    "unshare": _wrapper(),
    "fakeroot": _wrapper(),
    "torsocks": _wrapper(),
    "pkexec": _wrapper("--user"),
    "gosu": _wrapper(operands=1),
    "su-exec": _wrapper(operands=1),
}
RUNNERS = {
    "uv": "run",
    "poetry": "run",
    "pipenv": "run",
    "bundle": "exec",
    "rye": "run",
    "hatch": "run",
    "direnv": "exec",
    "npm": "exec",
    "pnpm": "exec",
    "docker-compose": "exec",
    "mise": "exec",
}
SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "ash", "fish", "mksh", "rbash"})
_CONTAINER = words(
    "-u --user -w --workdir -e --env --env-file -n --namespace -c --container -v --volume --name -p --publish "
    "--network --entrypoint -l --label --platform --mount -f --file --context --cpus -m --memory --project-name"
)
_SSH = words("-i -p -l -o -F -J -L -R -D -b -c -E -e -I -m -O -Q -S -W -w -B")
_ASSIGNMENT = re.compile(r"\w*=", re.ASCII)


def skip_options(words: Words, wrapper: Wrapper) -> Words | None:
    """What follows a wrapper's own options and operands; None when it runs nothing."""
    at = 0
    while at < len(words) and words[at].text.startswith("-"):
        option = words[at].text
        at += 1
        if option in wrapper.never:
            return None
        if option == "--":
            break
        if option in wrapper.values:
            at += 1
    return words[at + wrapper.operands :]


def _prefix(name: str, words: Words) -> Inner | None:
    rest = skip_options(words, PREFIXES[name])
    if rest is None:
        return None
    if name in ("watch", "entr") and len(rest) == 1:
        return Inner(script=rest[0].text)
    return assigned(rest) if name in ("env", "sudo", "doas") else Inner(rest)


def assigned(words: Words) -> Inner:
    """Words whose leading NAME=VALUE are taken off."""
    found: list[tuple[str, str]] = []
    for word in words:
        if not _ASSIGNMENT.match(word.text):
            break
        name, value = word.text.split("=", 1)
        found.append((name, value))
    return Inner(words[len(found) :], assignments=tuple(found))


def _env(name: str, words: Words) -> Inner | None:
    for at, word in enumerate(words):
        if word.text in ("-S", "--split-string") and at + 1 < len(words):
            return Inner(script=" ".join(w.text for w in words[at + 1 :]))
        if word.text.startswith("-S"):
            return Inner(script=" ".join((word.text[2:], *(w.text for w in words[at + 1 :]))))
        if not word.text.startswith("-"):
            break
    return _prefix(name, words)


def _shell(_name: str, words: Words) -> Inner | None:
    for at, word in enumerate(words):
        text = word.text
        if text.startswith("-") and not text.startswith("--") and "c" in text:
            rest = skip_options(words[at + 1 :], Wrapper())
            return Inner(script=rest[0].text) if rest else None
        if not text.startswith(("-", "+")):
            return None
    return None


def _su(_name: str, words: Words) -> Inner | None:
    flags = [at for at, word in enumerate(words[:-1]) if word.text in ("-c", "--command", "-lc")]
    return Inner(script=words[flags[0] + 1].text) if flags else None


def _eval(_name: str, words: Words) -> Inner | None:
    return Inner(script=" ".join(word.text for word in words)) if words else None


def _ssh(_name: str, words: Words) -> Inner | None:
    rest = skip_options(words, Wrapper(_SSH, 1))
    return Inner(script=" ".join(word.text for word in rest)) if rest else None


def _container(_name: str, words: Words) -> Inner | None:
    texts = [word.text for word in words]
    if "compose" in texts[:1]:
        words, texts = words[1:], texts[1:]
    verb = next((text for text in texts if not text.startswith("-")), "")
    if verb not in ("exec", "run"):
        return None
    at = texts.index(verb)
    if "--" in texts[at:]:
        return Inner(words[texts.index("--", at) + 1 :])
    rest = skip_options(words[at + 1 :], Wrapper(_CONTAINER, 1))
    return Inner(rest) if rest else None


def _kubectl(_name: str, words: Words) -> Inner | None:
    texts = [word.text for word in words]
    if not {"exec", "run", "debug"} & set(texts[:6]) or "--" not in texts:
        return None
    return Inner(words[texts.index("--") + 1 :])


def _runner(name: str, words: Words) -> Inner | None:
    if not words or words[0].text != RUNNERS[name]:
        return None
    rest = skip_options(words[1:], Wrapper(frozenset({"--with", "--python", "-p", "--group", "--extra"})))
    return Inner(rest) if rest else None


def _script(_name: str, words: Words) -> Inner | None:
    """``script -c 'cmd'`` and its like."""
    return _su("su", words)


UNWRAP: dict[str, Callable[[str, Words], Inner | None]] = {
    **dict.fromkeys(PREFIXES, _prefix),
    **dict.fromkeys(SHELLS, _shell),
    **dict.fromkeys(RUNNERS, _runner),
    **dict.fromkeys(("docker", "podman", "nerdctl"), _container),
    **dict.fromkeys(("kubectl", "oc", "k"), _kubectl),
    "env": _env,
    "eval": _eval,
    "ssh": _ssh,
    "su": _su,
    "runuser": _su,
    "script": _script,
}
