"""A command that kills processes it did not start: kill -1, pkill or killall of services, killing from a process list.

The name of a process says little about whose it is. Keep the id of what you start, and end that.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "keep the process id of what you start, and end only that"
bad = (
    "kill -9 -1",
    "killall cron",
    "pkill -9 sshd",
    "for p in $(ps -eo pid,comm | awk '/cron/ {print $1}'); do kill -9 $p; done",
    "ps aux | grep nginx | awk '{print $2}' | xargs kill -9",
)
good = ("kill $PID", "kill %1", "pkill -f 'node server.js'", "ps aux", "kill -0 123", "lsof -ti:3000 | xargs kill")
_SERVICES = re.compile(
    r"^-?(cron|crond|sshd|systemd\S*|init|dbus\S*|rsyslogd?|nginx|apache2?|httpd|mysqld?|postgres|mongod"
    r"|redis-server|dockerd|docker"
    r"|containerd|kubelet|lightdm|gdm\S*|Xorg|NetworkManager|launchd|WindowServer|syslogd|auditd|ntpd|cupsd"
    r"|avahi-daemon|udevd|kthreadd)$"
)


def check(event: Event) -> Iterator[Match]:
    """Every kill of what was not started here."""
    listed = any(command.name == "ps" and _lists_all(command) for command in commands(event))
    for command in commands(event):
        if command.name in ("kill", "skill", "snice") and _kills(command, listed=listed):
            yield at(command, "kills processes that it did not start", "high" if "-1" in command.words[1:] else None)
        elif command.name in ("pkill", "killall", "killall5", "slay") and _by_name(command):
            yield at(command, "kills processes by a name that services have")


def _lists_all(command: SimpleCommand) -> bool:
    return bool(re.match(r"-?[A-Za-z]*[aeAx]", " ".join(command.words[:1]) or "x"))


def _kills(command: SimpleCommand, *, listed: bool) -> bool:
    words = command.words
    if words[:1] in (("-0",), ("-l",)):
        return False
    return (
        (listed and bool(words or "xargs" in command.wrappers)) or "-1" in words[1:] or words[-1:] in (("1",), ("--",))
    )


def _by_name(command: SimpleCommand) -> bool:
    if command.name == "killall5" or command.has_flag("u"):
        return True
    return any(_SERVICES.match(word.text) for word in command.operands)
