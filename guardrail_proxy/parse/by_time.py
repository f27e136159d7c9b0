"""WARM. One sequence out of several: sub-agents' transcripts, transcripts one after the other, calls of hooks."""

from collections.abc import Iterable, Iterator

from guardrail_proxy.session import Event


def by_time(*parts: Iterable[Event]) -> tuple[Event, ...]:
    """The events of all parts by time; within a part the order stays, an event without a time stays where it is."""
    timed = [pair for part in parts for pair in _timed(part)]
    return tuple(event for _, event in sorted(timed, key=lambda pair: pair[0]))


def _timed(events: Iterable[Event]) -> Iterator[tuple[float, Event]]:
    latest = 0.0
    for event in events:
        latest = max(latest, event.at or 0.0)
        yield latest, event
