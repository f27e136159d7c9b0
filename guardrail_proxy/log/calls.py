"""WARM. Session -> rows of ``commands`` and ``tool_calls``: calls with their results and risks."""

import json
from collections.abc import Mapping
from itertools import accumulate

from guardrail_proxy.log.times import utc_or_none
from guardrail_proxy.session import SEVERITIES, Event, Session

Row = dict[str, object]
DEEPEST = 50
"""Arguments nested deeper stay text: everything after this walks them recursively."""
STEPS = {"[": 1, "{": 1, "]": -1, "}": -1}
CALL_KINDS = ("command", "tool call", "file write")
RISKS = dict(zip(SEVERITIES, ("none", "low", "medium", "high", "critical"), strict=True))
"""Severity -> risk of a command in which it is the worst."""


def command_rows(session: Session) -> list[Row]:
    """Table ``commands``."""
    results, risks = _results(session), _risks(session)
    commands = [(seq, event) for seq, event in enumerate(session.transcript.events) if event.kind == "command"]
    return [
        {
            "seq": number,
            "command": event.text,
            "risk": RISKS[SEVERITIES[risks.get(seq, 0)]],
            "exit_code": _exit_code(event, results),
            "cwd": session.capture.cwd,
            "denied": event.denied,
            "event_seq": seq,
        }
        for number, (seq, event) in enumerate(commands)
    ]


def tool_call_rows(session: Session) -> list[Row]:
    """Table ``tool_calls``: one row a call, also where several events tell of it."""
    results = _results(session)
    seen: set[str] = set()
    rows: list[Row] = []
    for seq, event in enumerate(session.transcript.events):
        if event.kind not in CALL_KINDS or event.call_id in seen:
            continue
        if event.call_id:
            seen.add(event.call_id)
        rows.append({**_tool_call(event, results.get(event.call_id)), "seq": len(rows), "event_seq": seq})
    return rows


def _tool_call(event: Event, result: Event | None) -> Row:
    took = None if result is None or result.at is None or event.at is None else (result.at - event.at) * 1000
    return {
        "ts": utc_or_none(event.at),
        "name": event.name or event.kind,
        "args": _args(event),
        "ok": _is_ok(event, result),
        "duration_ms": took,
    }


def _args(event: Event) -> object:
    if event.kind == "command":
        return {"command": event.text}
    if event.kind == "file write":
        return {"path": event.path, "characters": len(event.text)}
    if _depth(event.text) > DEEPEST:
        return event.text
    try:
        return json.loads(event.text)
    except ValueError:
        return event.text


def _depth(text: str) -> int:
    """An upper bound of the nesting; brackets inside strings count too."""
    return max(accumulate(STEPS.get(character, 0) for character in text), default=0)


def _is_ok(event: Event, result: Event | None) -> bool | None:
    """Whether the call did what it should; None where nobody said."""
    if event.denied:
        return False
    if result is None or (result.ok is None and result.exit_code is None):
        return event.ok
    return result.ok is not False and not result.exit_code


def _exit_code(event: Event, results: Mapping[str, Event]) -> int | None:
    result = results.get(event.call_id)
    return event.exit_code if result is None or result.exit_code is None else result.exit_code


def _results(session: Session) -> dict[str, Event]:
    """Call id -> its last result."""
    events = session.transcript.events
    return {event.call_id: event for event in events if event.kind == "tool result" and event.call_id}


def _risks(session: Session) -> dict[int, int]:
    """Event -> rank of the worst violation found in it."""
    worst: dict[int, int] = {}
    for finding in session.findings:
        if finding.kind == "violation" and finding.event_seq is not None:
            rank = SEVERITIES.index(finding.severity)
            worst[finding.event_seq] = max(rank, worst.get(finding.event_seq, 0))
    return worst
