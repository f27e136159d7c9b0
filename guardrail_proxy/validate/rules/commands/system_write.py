"""A command that writes to a folder of the system: /etc, /usr, /boot, /bin.

Other programs and users depend on these files, and an update overwrites them. Write inside the project; tell the user
what the system needs.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "write inside the project, and tell the user what the system needs"
bad = (
    "echo x > /etc/hosts",
    "cp group /usr/copy_file",
    "mv tool /usr/bin/ls",
    "sed -i s/a/b/ /etc/ssh/sshd_config",
    "mv / /dev/null",
)
good = (
    "cp tool /usr/local/bin/",
    "cat /etc/os-release",
    "cp /etc/hosts .",
    "echo deb | tee /etc/apt/sources.list.d/x.list",
    "echo x > out",
)
_SYSTEM = re.compile(
    r"^/(etc(?!/(apt|nginx/(sites|conf)|docker/daemon|yum\.repos|pki/ca|ssl/certs|hosts\.tmp))|boot|bin|sbin"
    r"|lib\d*|sys/(?!fs/cgroup)|proc/sys"
    r"|usr(?!/(local|share/(keyrings|ca-certificates|nginx)|src))|System|Library|root/\.(?!cache|config|npm"
    r"|cargo)\w+)(/|$)"
    r"|^/usr/[\w.-]+$|^/dev/mem"
)


def check(event: Event) -> Iterator[Match]:
    """Every write to the system."""
    for command in commands(event):
        if any(r.operator in (">", ">>", ">|", "&>") and _SYSTEM.match(r.target.text) for r in command.redirects):
            yield at(command, "writes to a file of the system")
        elif _writes(command):
            yield at(command, "writes to a folder of the system")


def _writes(command: SimpleCommand) -> bool:
    operands = [word.text for word in command.operands]
    if command.name in ("cp", "mv", "ln", "install", "rsync"):
        moved = command.name == "mv" and any(
            _SYSTEM.match(word) or word in ("/", "~", "/*", "$HOME") for word in operands[:-1]
        )
        void = command.name == "mv" and operands[-1:] == ["/dev/null"]
        return bool(operands) and len(operands) > 1 and (moved or void or bool(_SYSTEM.match(operands[-1])))
    if command.name == "tee":
        return any(_SYSTEM.match(word) for word in operands)
    return (
        command.name in ("sed", "perl")
        and command.has_flag("i", "--in-place")
        and any(map(_SYSTEM.match, operands[1:]))
    )
