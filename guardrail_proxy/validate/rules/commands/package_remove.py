"""A command that uninstalls packages of the machine or of an environment.

What else needed the package breaks, often later. Say what you want gone and why; removing a dependency you added
yourself in this session is fine.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "low"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "say which package you want removed and why; remove only what this session added"
bad = (
    "pip uninstall requests",
    "sudo apt-get purge -y nginx",
    "brew uninstall git",
    "poetry remove requests",
    "pip install --break-system-packages x",
)
good = ("pip install requests", "npm install", "apt-get update", "apt-get autoremove -y", "brew list", "npm ci")
_VERBS = {
    "pip": {"uninstall"},
    "pip3": {"uninstall"},
    "apt": {"remove", "purge"},
    "apt-get": {"remove", "purge"},
    "aptitude": {"remove", "purge"},
    "dnf": {"remove", "erase"},
    "yum": {"remove", "erase"},
    "brew": {"uninstall", "remove", "rm"},
    "poetry": {"remove"},
    "uv": {"remove"},
    "pacman": {"-R", "-Rs", "-Rns", "-Rdd"},
    "dpkg": {"-r", "-P", "--purge", "--remove"},
    "rpm": {"-e", "--erase"},
    "apk": {"del"},
    "snap": {"remove"},
    "zypper": {"remove", "rm"},
    "conda": {"remove", "uninstall"},
    "pipx": {"uninstall", "uninstall-all"},
    "gem": {"uninstall"},
    "cargo": {"uninstall"},
    "rustup": {"self"},
    "nvm": {"uninstall"},
    "flatpak": {"uninstall"},
    "port": {"uninstall"},
}


def check(event: Event) -> Iterator[Match]:
    """Every removal of a package."""
    for command in commands(event, _VERBS):
        if _removes(command):
            yield at(command, "uninstalls packages or overrules the system's package manager")


def _removes(command: SimpleCommand) -> bool:
    words = command.words
    if words[:2] == ("self", "update") or {"--dry-run", "-s"} & set(words):
        return False
    return bool(_VERBS[command.name] & set(words[:3])) or "--break-system-packages" in words
