"""A command that opens files to everybody or gives a program its owner's rights.

Chmod 777, chmod -R on the system, setuid.

World-writable files let any process change what others run; a setuid program runs as root for whoever starts it. Give
the one user or group what it needs (``chmod u+x``, ``chmod 640``, ``install -m``).
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.rules.commands._targets import target_in
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "give only the user or group that needs it: chmod u+rwX,go-w on the one path"
bad = (
    "chmod -R 777 /var/www",
    "chmod 777 deploy.sh",
    "chmod u+s /tmp/sh",
    "chmod 4755 tool",
    "chown -R nobody /etc",
    "setcap cap_setuid=ep /tmp/x",
)
good = (
    "chmod +x deploy.sh",
    "chmod 644 file",
    "chown -R $USER node_modules",
    "chmod 600 ~/.ssh/id_rsa",
    "chmod 755 bin/x",
)
_OPEN = re.compile(r"^0?[0-7]?[0-7][0-7][2367]$|^(a|o|ugo|go)\+[rx]*w[rx]*$|^a=rwx$|^\+?rwx$|^o=\w*w")
_SETUID = re.compile(r"^0?[24567][0-7]{3}$|^[ugoa]*[+=][rwxt]*s[rwxt]*$")
_WIDE = frozenset({"root", "system", "home"})


def check(event: Event) -> Iterator[Match]:
    """Every opening of permissions."""
    for command in commands(event, {"chmod", "chown", "chgrp", "setcap", "setfacl", "icacls", "chattr", "find"}):
        if message := _message(command):
            yield at(command, message)


def _message(command: SimpleCommand) -> str:
    operands = command.operands
    if command.name == "find":
        asks = any(re.match(r"[-/]?[246]000|[-/]u=s|[-/]u\+s", word) for word in _after(command.words, "-perm"))
        return "looks for programs that run with their owner's rights" if asks else ""
    if command.name == "setcap":
        return "gives a program rights of root" if "-r" not in command.words else ""
    if not operands or (command.name == "chattr" and "+i" not in command.words and "-i" not in command.words):
        return ""
    wide = any(target_in(word, command) in _WIDE and word.text.count("/") < 3 for word in operands[1:])
    if command.name in ("chown", "chgrp", "setfacl", "icacls"):
        recursive = command.has_flag("R", "--recursive")
        return "changes who owns files of the system" if recursive and wide else ""
    mode = next(
        (word for word in command.words if re.match(r"[ugoa]*[+=-][rwxstX]+|[0-7]{3,4}$", word)), operands[0].text
    )
    if command.name == "chmod" and _SETUID.match(mode):
        return "lets a program run with its owner's rights"
    if _OPEN.match(mode):
        return "lets everybody write"
    return "changes permissions of the system" if command.has_flag("R", "--recursive") and wide else ""


def _after(words: tuple[str, ...], option: str) -> tuple[str, ...]:
    return tuple(words[place + 1] for place, word in enumerate(words[:-1]) if word == option)
