"""A copy that overwrites another machine's system files, or deletes what the source does not have (rsync --delete).

Copying with deletion takes everything that only the other side had. Copy without ``--delete`` first, look at
``--dry-run``, and let the user write to a server's system folders.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "copy without deletion, look at --dry-run first, and leave system folders of servers to the user"
bad = ("rsync -a --delete src/ dest/", "scp config.conf user@host:/etc/", "scp -r backup/ root@server:/")
good = (
    "rsync -av src/ dest/",
    "rsync --delete --dry-run src/ dest/",
    "scp file.txt user@host:/home/user/",
    "scp host:/etc/hosts .",
)
_SYSTEM = re.compile(r"^[^/:\s]+:/($|(etc|boot|usr|bin|sbin|lib\d*|var/(?!tmp)|root|opt|sys|proc|dev)(/|$))")
_DISPOSABLE = re.compile(r"(^|/)(dist|build|public|out|_site|target|node_modules|docs?|html)(/|$)")


def check(event: Event) -> Iterator[Match]:
    """Every copy that overwrites or deletes over there."""
    for command in commands(event, {"rsync", "scp", "robocopy"}):
        if message := _message(command):
            yield at(command, message)


def _message(command: SimpleCommand) -> str:
    if command.name in ("rsync", "robocopy"):
        dry = command.has_flag("n", "--dry-run", "--list-only")
        deletes = any(re.match(r"--del(ete(-\w+)*)?$|--remove-source-files$|/MIR$", word) for word in command.words)
        local = all(":" not in w.text for w in command.operands) and any(
            _DISPOSABLE.search(w.text) for w in command.operands[-1:]
        )
        return "deletes what the source does not have" if deletes and not dry and not local else ""
    where = command.operands[-1].text if command.operands else ""
    return "writes to another machine's system folders" if _SYSTEM.match(where) else ""
