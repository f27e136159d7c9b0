"""WARM. Session -> rows of the child tables, one function a table; keys are the columns."""

import hashlib
from itertools import groupby

from guardrail_proxy.log.times import utc, utc_or_none
from guardrail_proxy.redact import redact
from guardrail_proxy.session import Event, Finding, Session

Row = dict[str, object]


def stage_rows(session: Session) -> list[Row]:
    """Table ``stages``."""
    return [
        {
            "ord": number,
            "stage": stage.name,
            "started_at": utc(stage.started),
            "duration_ms": stage.duration_ms,
            "ok": stage.ok,
            "error": stage.error or None,
        }
        for number, stage in enumerate(session.stages)
    ]


def violation_rows(session: Session) -> list[Row]:
    """Table ``violations``."""
    return [
        {
            **_finding_row(session, finding),
            "rule_id": finding.id,
            "snippet": finding.quote,
            "context": finding.context,
            "in_test": finding.in_test,
            "denied": finding.denied,
        }
        for finding in session.findings
        if finding.kind == "violation"
    ]


def failure_rows(session: Session) -> list[Row]:
    """Table ``failures``."""
    return [
        {
            **_finding_row(session, finding),
            "failure_mode": finding.id,
            "evidence": finding.quote,
            "status": finding.status,
        }
        for finding in session.findings
        if finding.kind == "failure"
    ]


def _finding_row(session: Session, finding: Finding) -> Row:
    """What violations and failures share."""
    return {
        "ts": utc(_time_of(session, finding)),
        "tool": session.capture.cli,
        "agent": session.meta.get("agent"),
        "category": finding.category,
        "severity": finding.severity,
        "message": finding.message,
        "line": finding.line,
        "confidence": finding.confidence,
        "fingerprint": finding.fingerprint,
        "event_seq": finding.event_seq,
        "fix": finding.fix,
    }


def _time_of(session: Session, finding: Finding) -> float:
    """The time of the event it was found in, else of the session's end, else of its start."""
    events, seq, ended = session.transcript.events, finding.event_seq, session.capture.ended
    at = events[seq].at if seq is not None and 0 <= seq < len(events) else None
    return next(time for time in (at, ended, session.capture.started) if time is not None)


def code_block_rows(session: Session) -> list[Row]:
    """Table ``code_blocks``; sizes and hashes are those of the redacted text."""
    blocks = [(seq, event) for seq, event in enumerate(session.transcript.events) if event.kind == "code block"]
    return [_code_block(number, seq, event) for number, (seq, event) in enumerate(blocks)]


def _code_block(number: int, seq: int, event: Event) -> Row:
    text = redact(event.text)
    data = text.encode("utf-8", "replace")
    return {
        "seq": number,
        "language": event.language or None,
        "lines": len(text.splitlines()),
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "event_seq": seq,
    }


def event_rows(session: Session) -> list[Row]:
    """Table ``events``: the transcript in order; ``seq`` is what ``event_seq`` elsewhere means."""
    return [
        {
            "seq": seq,
            "ts": utc_or_none(event.at),
            "kind": event.kind,
            "source": event.source,
            "agent_path": event.agent_path or None,
            "text": event.text,
            "ref": event.path or event.call_id or event.name or None,
        }
        for seq, event in enumerate(session.transcript.events)
    ]


def file_change_rows(session: Session) -> list[Row]:
    """Table ``file_changes``."""
    return [
        {
            "seq": number,
            "path": change.path,
            "change": change.change,
            "lines_added": change.lines_added,
            "lines_deleted": change.lines_deleted,
            "source": change.source,
        }
        for number, change in enumerate(session.file_changes)
    ]


def activity_rows(session: Session) -> list[Row]:
    """Table ``agent_activity``: the role the session ran in, and each sub-agent that left events."""
    capture, role = session.capture, session.meta.get("agent")
    rows: list[Row] = []
    if role:
        span = None if capture.ended is None else max(0.0, capture.ended - capture.started) * 1000
        facts: dict[str, object] = {"decision": session.verdict.decision, "outcome": session.outcome}
        rows.append(_activity(capture.started, str(role), "session", span, facts))
    events = sorted((e for e in session.transcript.events if e.agent_path), key=lambda event: event.agent_path)
    for path, group in groupby(events, key=lambda event: event.agent_path):
        rows.append(_sub_agent(path, list(group), capture.started))
    return rows


def _sub_agent(path: str, events: list[Event], otherwise: float) -> Row:
    times = [event.at for event in events if event.at is not None] or [otherwise]
    return _activity(min(times), path, "sub-agent", (max(times) - min(times)) * 1000, {"events": len(events)})


def _activity(at: float, agent: str, action: str, duration_ms: float | None, facts: dict[str, object]) -> Row:
    return {"ts": utc(at), "agent": agent, "action": action, "duration_ms": duration_ms, "agent_metadata": facts}
