"""A command that stops a service of the machine, or the machine.

Other people and programs use it. Stop only what the session started, and let the user restart the rest.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "leave the machine's services running; ask the user to stop or restart them"
bad = (
    "systemctl stop nginx",
    "service haproxy stop",
    "shutdown -h now",
    "reboot",
    "echo b > /proc/sysrq-trigger",
    "launchctl unload x",
)
good = (
    "systemctl status nginx",
    "service nginx status",
    "nginx -t",
    "npm run stop",
    "shutdown --help",
    "systemctl list-units",
)
_POWER = frozenset({"shutdown", "reboot", "halt", "poweroff", "init", "telinit", "pm-suspend", "systemctl-reboot"})
_MANAGERS = frozenset(
    {
        "systemctl",
        "service",
        "rc-service",
        "launchctl",
        "sv",
        "initctl",
        "svcadm",
        "invoke-rc.d",
        "brew-services",
        "net",
    }
)
_STOPS = frozenset(
    {
        "stop",
        "disable",
        "mask",
        "kill",
        "unload",
        "bootout",
        "poweroff",
        "reboot",
        "halt",
        "isolate",
        "emergency",
        "rescue",
    }
)


def check(event: Event) -> Iterator[Match]:
    """Every service or machine that is stopped."""
    for command in commands(event):
        if any("/proc/sysrq-trigger" in redirect.target.text for redirect in command.redirects):
            yield at(command, "stops the machine at once", "critical")
        elif command.name in _POWER and _powers_off(command):
            yield at(command, "stops the machine", "high")
        elif command.name in _MANAGERS and _stops(command):
            yield at(command, "stops a service of the machine")


def _powers_off(command: SimpleCommand) -> bool:
    if command.name in ("init", "telinit"):
        return command.words[:1] in (("0",), ("6",), ("1",))
    return "-c" not in command.words and not command.has_flag("", "--help", "--show")


def _stops(command: SimpleCommand) -> bool:
    if "--user" in command.words:
        return False
    return bool(_STOPS.intersection(command.words)) and not re.search(r"--dry-run", " ".join(command.words))
