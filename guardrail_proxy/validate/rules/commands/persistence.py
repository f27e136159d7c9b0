"""A command that makes something run again by itself: start-up files, cron, services, authorized keys, git hooks.

What starts with every login or boot outlives the session, and nobody remembers it. Tell the user what to add and where;
do not write it yourself.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.rules.commands._sensitive import PERSISTENT
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "tell the user which line to add to which file; do not make anything start by itself"
bad = (
    "echo 'alias sudo=x' >> ~/.bashrc",
    "crontab /tmp/jobs",
    "echo key >> ~/.ssh/authorized_keys",
    "cp evil.service /etc/systemd/system/",
    "(crontab -l; echo '* * * * * x') | crontab -",
    "systemctl enable evil.service",
)
good = (
    "crontab -l",
    "cat ~/.bashrc",
    "echo x >> notes.md",
    "systemctl status nginx",
    "source ~/.bashrc",
    "grep PATH ~/.profile",
)
_WRITERS = frozenset({"tee", "cp", "mv", "ln", "install", "sed", "rsync", "dd", "ssh-copy-id", "chmod"})


def check(event: Event) -> Iterator[Match]:
    """Everything that would start by itself."""
    for command in commands(event):
        if _writes(command) or _schedules(command):
            yield at(command, "makes a command run by itself later")


def _writes(command: SimpleCommand) -> bool:
    if any(r.operator.startswith((">", "&>")) and PERSISTENT.search(r.target.text) for r in command.redirects):
        return True
    if command.name not in _WRITERS:
        return False
    operands = [word.text for word in command.operands]
    if command.name == "sed":
        return command.has_flag("i", "--in-place") and any(PERSISTENT.search(word) for word in operands)
    where = operands if command.name == "tee" else operands[-1:]
    return any(PERSISTENT.search(word.removeprefix("of=")) for word in where) and command.name != "chmod"


def _schedules(command: SimpleCommand) -> bool:
    words = command.words
    if command.name == "crontab":
        return not command.has_flag("lV") or command.has_flag("r")
    if command.name in ("at", "batch"):
        return bool(command.sources or command.redirects or "-f" in words)
    if command.name == "systemctl":
        return "enable" in words or "link" in words or "edit" in words
    if command.name in (
        "update-rc.d",
        "chkconfig",
        "rc-update",
        "sysrc",
        "schtasks",
        "ssh-copy-id",
        "systemd-run",
        "kextload",
    ):
        return True
    if command.name in ("launchctl", "insmod", "modprobe", "pw-loginshell", "defaults"):
        starts = {"load", "bootstrap", "submit", "enable"} & set(words)
        return bool(starts) or command.name == "insmod" or ("write" in words and "Login" in " ".join(words))
    if command.name == "alias" or (command.name == "trap" and re.search(r"\b(DEBUG|EXIT)\b", " ".join(words[1:]))):
        return any(re.match(r"(sudo|ls|cd|su|ssh|cat|passwd)=", word) and "/tmp" in word for word in words)  # noqa: S108 # looked for, not written to
    return command.name == "git" and "core.hooksPath" in words and "--get" not in words
