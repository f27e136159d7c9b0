"""WARM. The commands of an event, and the match at one of them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from guardrail_proxy.session import Event, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.shell import SimpleCommand, parse_command

_QUESTIONS = frozenset({"--help", "--version", "help", "-h", "-V"})


def commands(event: Event, names: Iterable[str] | None = None) -> Iterator[SimpleCommand]:
    """The commands of the event's line with one of the names; all where no names are given. None that only asks."""
    for command in parse_command(event.text):
        if (names is None or command.name in names) and not _only_asks(command):
            yield replace(command, folder=event.folder) if event.folder and "ssh" not in command.wrappers else command


def _only_asks(command: SimpleCommand) -> bool:
    words = command.words
    return "--help" in words[:6] or words[:1] == ("help",) or (len(words) == 1 and words[0] in _QUESTIONS)


def at(command: SimpleCommand, message: str, severity: Severity | None = None) -> Match:
    """A match at the command."""
    return Match(command.start, command.end, message, severity)
