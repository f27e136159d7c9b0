"""A command that deletes a folder, or files of the system, beyond what can be made again.

Deleted files outside the project, and work in it that was never committed, are gone for good. What is built, cached or
temporary (``node_modules``, ``build``, ``dist``, ``target``, ``/tmp/x``) may go. Delete exactly what you made, by a
relative path, and look first with ``ls`` or ``git status``.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.rules.commands._targets import Target, is_system_file, target_in, targets
from guardrail_proxy.validate.shell import SimpleCommand, Word

SEVERITY: Severity = "critical"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "delete only what you made, by its relative path inside the project; leave everything else to the user"
bad = (
    "rm -rf /",
    'rm -rf "$HOME/Documents"',
    'find "$HOME/Documents" -delete',
    "sudo rm -r -f ~/projects",
    "cd / && rm -rf *",
    "rm -rf .git",
    "rm -rf src",
    "find . -type f -exec shred -u {} +",
    "cat list | xargs rm -rf",
    "rm /etc/passwd",
    "rm ~/Documents/*",
    'for f in ~/Documents/*; do rm "$f"; done',
    "find ~/Documents -print0 | xargs -0 rm",
    "ls ~/Documents | xargs -I{} rm ~/Documents/{}",
    "x='rm -rf'; $x ~/Documents",
    'bash -c "$(echo rm -rf ~/Documents)"',
    "rm -rf `echo $HOME`/Documents",
    "source <(echo 'rm -rf ~/Documents')",
    "sh <(echo rm -rf ~)",
    "xargs rm -rf <<< ~/Documents",
    "coproc rm -rf ~",
    "git -c alias.x='!rm -rf ~' x",
    """awk 'BEGIN{system("rm -rf ~/Documents")}'""",
)
good = (
    "rm -rf node_modules build dist target .cache __pycache__ /tmp/x",
    "rm file.txt",
    "rm ~/project/build/* ~/Downloads/*.zip",
    "find ~/project -name '*.pyc' | xargs rm",
    "find . -name '*.txt' -print",
    "echo 'rm -rf /'",
    'rm -rf "$TMPDIR/x"',
    "git commit -m 'rm -rf /'",
    "grep -r 'rm -rf /' .",
)
_NAMES = frozenset({"rm", "find", "gfind", "shred", "srm", "unlink", "rmdir", "chflags", "wipe", "rd", "del"})
_SEVERITIES: dict[Target, tuple[Severity, str]] = {
    "root": ("critical", "deletes the whole file system"),
    "system": ("critical", "deletes files of the system"),
    "home": ("critical", "deletes files of a home folder"),
    "outside": ("critical", "deletes a folder outside the project"),
    "history": ("critical", "deletes the repository's history"),
    "project": ("high", "deletes the whole project folder"),
    "variable": ("medium", "deletes a folder whose path is not known before it runs"),
    "stdin": ("high", "deletes folders that are only known when it runs"),
    "inside": ("medium", "deletes a folder of the project"),
}
_SELECTS = ("-name", "-iname", "-path", "-regex", "-mtime", "-mmin", "-newer", "-empty", "-size", "-type l", "-user")
_EXECUTED_REMOVALS = frozenset({"rm", "shred", "unlink"})
_ORDER: tuple[Target, ...] = tuple(_SEVERITIES)


def check(event: Event) -> Iterator[Match]:
    """Every deletion that cannot be taken back."""
    for command in commands(event, _NAMES):
        worst = _find(command) if command.name.endswith("find") else _remove(command)
        if worst is not None:
            severity, message = _SEVERITIES[worst]
            in_container = not {"docker", "podman"}.isdisjoint(command.wrappers) and severity == "critical"
            yield at(command, message, "high" if in_container else severity)


def _worst(found: tuple[Target, ...]) -> Target | None:
    known = [target for target in found if target != "disposable"]
    return min(known, key=_ORDER.index) if known else None


def _remove(command: SimpleCommand) -> Target | None:
    """What rm, shred and their like would destroy; None when that is harmless."""
    if command.name == "rmdir":
        return None
    if command.name in ("shred", "srm", "wipe"):
        destroys = command.name != "srm" and (command.has_flag("uzn", "--remove", "--zero") or command.name == "wipe")
        return (_worst(targets(command)) or "inside") if destroys else None
    recursive = command.has_flag("rR", "--recursive")
    forced = command.has_flag("f", "--force")
    if not recursive or (command.name == "chflags"):
        if any(is_system_file(word) for word in command.operands):
            return "system"
        return _all_of_home(command)
    worst = _worst(_operands(command, targets(command)))
    if worst in ("root", "system", "home", "history", "project"):
        return worst
    return worst if forced else None


def _all_of_home(command: SimpleCommand) -> Target | None:
    """Every file of a folder, one by one: ``rm ~/Documents/*``, or what ``find`` and ``ls`` list of it."""
    whole = [word for word in command.operands if word.text.endswith(("/*", "/{}"))]
    if "xargs" in command.wrappers:
        whole += [w for s in command.sources if s.name in ("find", "ls") and not _selects(s) for w in s.operands[:1]]
    return "home" if any(target_in(word, command) in ("home", "root") for word in whole) else None


def _selects(command: SimpleCommand) -> bool:
    return any(word.startswith(_SELECTS) for word in command.words)


def _operands(command: SimpleCommand, found: tuple[Target, ...]) -> tuple[Target, ...]:
    if not found and "xargs" in command.wrappers:
        return ("stdin",)
    return tuple("inside" if target == "stdin" and "find" in command.wrappers else target for target in found)


def _find(command: SimpleCommand) -> Target | None:
    """What ``find ... -delete`` or ``-exec shred`` starts from."""
    words = command.words
    deletes = "-delete" in words
    if not deletes and not _EXECUTED_REMOVALS.intersection(word.rsplit("/", 1)[-1] for word in words):
        return None
    starts: list[Word] = []
    for word in command.args:
        if word.text.startswith(("-", "(", "!")) and word.text not in ("-L", "-H", "-P"):
            break
        starts.append(word)
    found = [target_in(word, command) for word in starts if not word.text.startswith("-")]
    worst = _worst(tuple(found))
    if not deletes and not _executes_removal(words):
        return worst if worst in ("root", "system", "home") else None
    return "inside" if worst == "project" or not found else worst


def _executes_removal(words: tuple[str, ...]) -> bool:
    """Whether -exec runs a removal of whole folders."""
    for at_, word in enumerate(words[:-2]):
        if word in ("-exec", "-execdir", "-ok") and words[at_ + 1].rsplit("/", 1)[-1] in ("rm", "shred"):
            flags = [w for w in words[at_ + 2 : at_ + 5] if w.startswith("-")]
            if any("r" in w or "R" in w for w in flags) and any("f" in w for w in flags):
                return True
    return False
