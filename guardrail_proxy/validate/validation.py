"""WARM. Runs every rule over the events it looks at, and turns its matches into findings."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from guardrail_proxy.discover import members
from guardrail_proxy.session import Event, Finding, Transcript
from guardrail_proxy.validate.evidence import Place, finding
from guardrail_proxy.validate.rule import Match, Rule

WINDOW_CHARACTERS, OVERLAP_CHARACTERS = 1_000_000, 16_000
"""A longer text is shown to the rules in pieces of this size, each beginning this much before the last one's end."""
MOST_MATCHES = 100
"""Of one rule in one event: a log with a thousand keys is told well enough by a hundred."""


def validate(transcript: Transcript, *, salt: bytes = b"") -> tuple[Finding, ...]:
    """What the session's events break, in the order of events; ``salt`` makes secrets' fingerprints this home's own.

    A rule that raises becomes the critical finding ``guard/rule-error``; the others go on.
    """
    rules = cast("dict[str, Rule]", members("validate.rules"))  # the contract test holds every member to the shape
    broken: set[str] = set()
    found: dict[tuple[str, ...], Finding] = {}
    for seq, event in enumerate(transcript.events):
        for rule_id, rule in rules.items():
            if event.kind not in rule.KINDS or rule_id in broken:
                continue
            try:
                for match in _matches(rule, event):
                    one = finding(Place(rule_id, rule, event, seq), match, salt)
                    found.setdefault(_same(one, event), one)
            except Exception:  # noqa: BLE001 # a rule is an extension point: its bug must not hide the others' findings
                broken.add(rule_id)
    return (*found.values(), *(_rule_error(rule_id) for rule_id in sorted(broken)))


def _same(one: Finding, event: Event) -> tuple[str, ...]:
    """A secret counts once for each kind of event in a session; anything else once for each event."""
    where = event.kind if one.category == "secrets" else str(one.event_seq)
    return one.id, one.fingerprint, where, str(one.denied), "" if one.category == "secrets" else str(one.line)


def _matches(rule: Rule, event: Event) -> Iterator[Match]:
    """The rule's matches with offsets into the event's whole text, however long it is."""
    seen: set[tuple[int, str | None]] = set()
    for offset, piece in _pieces(event):
        for match in rule.check(piece):
            place = (match.start + offset, match.id)
            if place in seen:
                continue
            seen.add(place)
            yield match if not offset else replace(match, start=place[0], end=match.end + offset, line=None)
            if len(seen) >= MOST_MATCHES:
                return


def _pieces(event: Event) -> Iterator[tuple[int, Event]]:
    if len(event.text) <= WINDOW_CHARACTERS:
        yield 0, event
        return
    step = WINDOW_CHARACTERS - OVERLAP_CHARACTERS
    for start in range(0, len(event.text) - OVERLAP_CHARACTERS, step):
        yield start, replace(event, text=event.text[start : start + WINDOW_CHARACTERS])


def _rule_error(rule_id: str) -> Finding:
    return Finding(
        "guard/rule-error",
        "violation",
        "critical",
        f"the rule {rule_id} failed, so what it guards against was not looked for",
        fingerprint=rule_id,
        fix="report the rule, or remove it; nothing was approved by it",
    )
