"""WARM. Session -> its record: the columns of ``sessions`` and a list for each child table, as plain JSON values."""

from collections.abc import Iterable, Mapping

from guardrail_proxy import __version__
from guardrail_proxy.log.calls import command_rows, tool_call_rows
from guardrail_proxy.log.rows import (
    activity_rows,
    code_block_rows,
    event_rows,
    failure_rows,
    file_change_rows,
    stage_rows,
    violation_rows,
)
from guardrail_proxy.log.times import utc
from guardrail_proxy.session import Finding, Kind, Session

Row = dict[str, object]
META_COLUMNS = ("agent", "repo", "branch", "head_before", "head_after", "user_name", "host", "parent_id", "external_id")
USED_META = {*META_COLUMNS, "tool_version", "bypassed", "context_docs", "origin", "cost_usd", "model"}


def record_of(session: Session) -> Row:
    """The whole record, not redacted yet and without the columns of the recording."""
    return {**_identity(session), **_run(session), **_judgement(session), **_children(session)}


def _identity(session: Session) -> Row:
    capture, transcript, meta = session.capture, session.transcript, session.meta
    started = utc(capture.started)
    return {
        "session_id": capture.session_id,
        "day": started[:10],
        "started_at": started,
        "tool": capture.cli,
        "tool_version": transcript.tool_version or _text(meta, "tool_version"),
        "model": transcript.model or _text(meta, "model") or _first_model(session),
        "mode": capture.mode,
        "native_id": transcript.native_id or None,
        "origin": _text(meta, "origin") or "shim",
        "proxy_version": __version__,
        "bypassed": bool(meta.get("bypassed")),
        "context_docs": _texts(meta.get("context_docs")),
        **{name: _text(meta, name) for name in META_COLUMNS},
    }


def _run(session: Session) -> Row:
    capture, transcript = session.capture, session.transcript
    return {
        "ended_at": None if capture.ended is None else utc(capture.ended),
        "duration_ms": None if capture.ended is None else round(max(0.0, capture.ended - capture.started) * 1000),
        "exit_code": capture.exit_code,
        "signal": capture.signal,
        "interactive": capture.interactive,
        "argv": list(capture.argv),
        "cwd": capture.cwd,
        "prompt": _first(session, "prompt"),
        "tokens_in": _sum(event.tokens_in for event in transcript.events),
        "tokens_out": _sum(event.tokens_out for event in transcript.events),
        "cost_usd": _number(session.meta.get("cost_usd")),
    }


def _judgement(session: Session) -> Row:
    transcript, verdict = session.transcript, session.verdict
    kinds = [finding.kind for finding in session.findings]
    return {
        "decision": verdict.decision,
        "outcome": session.outcome,
        "success": session.outcome == "completed" and session.capture.exit_code == 0,
        "evidence": transcript.evidence,
        "coverage": dict(transcript.coverage),
        "n_violations": kinds.count("violation"),
        "n_failures": kinds.count("failure"),
        "n_critical": sum(_is_critical(finding) for finding in session.findings),
        "extra": {"because": list(verdict.because), "drift": list(transcript.drift), **_rest(session)},
    }


def _rest(session: Session) -> Row:
    """Facts without a column of their own."""
    capture = session.capture
    flags = {"on_tty": capture.on_tty, "protocol": capture.protocol, "gap_bytes": capture.gap_bytes}
    return {**flags, **{key: value for key, value in session.meta.items() if key not in USED_META}}


def _children(session: Session) -> Row:
    return {
        "stages": stage_rows(session),
        "violations": violation_rows(session),
        "failures": failure_rows(session),
        "tool_calls": tool_call_rows(session),
        "code_blocks": code_block_rows(session),
        "commands": command_rows(session),
        "events": event_rows(session),
        "file_changes": file_change_rows(session),
        "agent_activity": activity_rows(session),
    }


def _is_critical(finding: Finding) -> bool:
    return finding.severity == "critical"


def _first(session: Session, kind: Kind) -> str | None:
    return next((event.text for event in session.transcript.events if event.kind == kind), None)


def _first_model(session: Session) -> str | None:
    return next((event.model for event in session.transcript.events if event.model), None)


def _sum(values: Iterable[int | None]) -> int | None:
    """The sum of the known numbers; None when none is known."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _text(meta: Mapping[str, object], name: str) -> str | None:
    value = meta.get(name)
    return str(value) if value not in (None, "") else None


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
