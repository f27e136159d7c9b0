"""COLD. The session's own runs: which checks were run, when, and whether they were green."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from guardrail_proxy.detect.outcome import BACKGROUND, Outcome, outcome_of, summary_of
from guardrail_proxy.detect.runners import Check, Kind, kind_of, words
from guardrail_proxy.session import Event, Transcript
from guardrail_proxy.validate.shell import SimpleCommand, parse_command

Place = tuple[int, int]
"""An event's index in the transcript, and a place in its text."""
POLLS = frozenset(("BashOutput", "TaskOutput", "AgentOutputTool", "write_stdin"))
"""Tools that read the output of what runs in the background."""
NARROW = re.compile(r"::|\.(?:py|[mc]?[jt]sx?|rb|php|exs|java|rs)(?:$|:\d)")
NARROWING = words("-k -t -run --run --filter --testNamePattern --grep -g --test --tests --lf --last-failed")


@dataclass(frozen=True, slots=True)
class Run:
    """One check that the session ran."""

    place: Place
    check: Check
    outcome: Outcome
    command: str
    output: str = ""
    is_narrow: bool = False
    """Only named files or cases were run."""
    is_loose: bool = False
    """It ran more than that check."""

    @property
    def seq(self) -> int:
        """Index of its event."""
        return self.place[0]


def results_of(events: tuple[Event, ...]) -> dict[str, Event]:
    """Each call's result by the call's id; of several the last."""
    return {event.call_id: event for event in events if event.kind == "tool result" and event.call_id}


def was_denied(event: Event, results: Mapping[str, Event]) -> bool:
    """Whether a call never ran."""
    result = results.get(event.call_id)
    return event.denied or (result is not None and result.denied)


def runs_of(transcript: Transcript) -> tuple[Run, ...]:
    """Every check, in order; what was refused was not run."""
    return tuple(_runs(transcript.events))


def _runs(events: tuple[Event, ...]) -> Iterator[Run]:
    results = results_of(events)
    for seq, event in enumerate(events):
        if event.kind != "command" or was_denied(event, results):
            continue
        result = results.get(event.call_id)
        for kind, command in _checks(event.text):
            check = kind.check
            outcome = outcome_of(event.text, check, result)
            output = result.text if result else ""
            if outcome == "unknown" and BACKGROUND.search(output[:500]):
                output = _polled(events[seq:], results)
                outcome = summary_of(check, output)
            yield Run((seq, command.start), check, outcome, event.text, output, _is_narrow(command), kind.is_loose)


def _checks(line: str) -> Iterable[tuple[Kind, SimpleCommand]]:
    """The checks of a line, each with the last command that runs it."""
    last = {kind.check: (kind, command) for command in parse_command(line) if (kind := kind_of(command))}
    return last.values()


def _polled(events: tuple[Event, ...], results: Mapping[str, Event]) -> str:
    """The newest output of what runs in the background that says something."""
    ids = [event.call_id for event in events if event.name in POLLS and event.call_id in results]
    texts = [results[call_id].text for call_id in ids]
    return next((text for text in reversed(texts) if text.strip()), "")


def _is_narrow(command: SimpleCommand) -> bool:
    words = command.words
    named = any(NARROW.search(word) for word in words if not word.startswith("-") and "manage.py" not in word)
    return named or any(word.split("=", 1)[0] in NARROWING for word in words)
