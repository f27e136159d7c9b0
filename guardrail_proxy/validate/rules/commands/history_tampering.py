"""A command that hides what was done: clearing shell history or logs, turning history off, faking file times.

Records are how a person finds out what happened. Leave histories, logs and times as they are.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.commands._match import at, commands
from guardrail_proxy.validate.rules.commands._sensitive import HISTORIES
from guardrail_proxy.validate.shell import SimpleCommand

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "leave histories, logs and file times as they are"
bad = (
    "history -c",
    "unset HISTFILE",
    "rm ~/.bash_history",
    "cat /dev/null > /var/log/auth.log",
    "export HISTSIZE=0",
    "ln -sf /dev/null ~/.bash_history",
    "touch -t 197001010000.00 file",
    "journalctl --vacuum-time=1s",
)
good = (
    "history",
    "touch file",
    "tail -f /var/log/syslog",
    "export HISTSIZE=1000",
    "set -o pipefail",
    "truncate -s 0 app.txt",
)
_VARIABLES = frozenset({"HISTFILE", "HISTSIZE", "HISTFILESIZE", "HISTCONTROL", "HISTIGNORE", "SAVEHIST"})
_LOGS = re.compile(r"^/(private/)?var/(log|audit)/|/\.?(auth|syslog|secure|messages|wtmp|btmp|lastlog|utmp)\b")
_CHANGERS = frozenset(
    {"rm", "truncate", "shred", "ln", "mv", "cp", "tee", "sed", "unlink", "dd", "srm", "chattr", "vi", "ed"}
)


def check(event: Event) -> Iterator[Match]:
    """Every hidden trace."""
    for command in commands(event):
        if message := _message(command):
            yield at(command, message)


def _message(command: SimpleCommand) -> str:
    if any(r.operator.startswith(">") and _hides(command, r.operator, r.target.text) for r in command.redirects):
        return "overwrites a history or log"
    return _of_history(command) or _of_log(command)


def _of_history(command: SimpleCommand) -> str:
    words = command.words
    if command.name == "history" and command.has_flag("cdw"):
        return "clears the shell's history"
    if (command.name == "set" and words[:2] == ("+o", "history")) or _loosens(command):
        return "turns the shell's history off"
    if command.name in _CHANGERS and any(HISTORIES.search(word) for word in words):
        return "deletes or replaces a history"
    reads = command.name in ("cat", "grep") and any(re.search(r"\.\w*_?history$", word) for word in words)
    return "reads the shell's history" if reads else ""


def _of_log(command: SimpleCommand) -> str:
    words = command.words
    if command.name in ("rm", "truncate", "shred", "ln") and any(_LOGS.search(word) for word in words):
        return "deletes or replaces a log"
    if command.name == "touch" and (command.has_flag("tr", "--reference", "--date") or "-d" in words):
        return "fakes a file's times"
    if command.name == "journalctl" and any(w.startswith(("--vacuum", "--rotate", "--flush")) for w in words):
        return "deletes logs"
    if command.name in ("auditctl", "wevtutil") and {"-D", "-e", "cl"} & set(words):
        return "turns off or clears the audit log"
    return "gives a password on the command line" if command.name == "sshpass" and command.has_flag("p") else ""


def _loosens(command: SimpleCommand) -> bool:
    if command.name == "unset":
        return bool(_VARIABLES.intersection(command.words))
    return any(
        name in _VARIABLES and value in ("0", "", "/dev/null", "ignorespace", "ignoreboth", "*")
        for name, value in command.assignments
    )


def _hides(command: SimpleCommand, operator: str, target: str) -> bool:
    empties = operator in (">", ">|") or command.name in ("", ":", "true")
    return empties and bool(HISTORIES.search(target) or _LOGS.match(target))
