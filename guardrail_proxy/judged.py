"""COLD. A judged session as a caller of the Python API gets it: one line of JSON without secrets, before the log."""

import contextlib
import json
import os
from dataclasses import asdict, dataclass

from guardrail_proxy.log.clean import bounded, cleaned
from guardrail_proxy.redact import redact_json
from guardrail_proxy.session import Decision, Event, Evidence, Finding, Outcome, Session, Stage


@dataclass(frozen=True, slots=True)
class Judged:
    """What there is to say about a session once it has been judged."""

    approved: bool
    decision: Decision
    because: tuple[str, ...]
    evidence: Evidence
    outcome: Outcome
    coverage: dict[str, str | int | bool]
    findings: tuple[Finding, ...]
    stages: tuple[Stage, ...]
    events: tuple[Event, ...]


def judged_json(session: Session) -> bytes:
    """The session's part that a caller gets, redacted, in one line."""
    verdict, transcript = session.verdict, session.transcript
    whole = Judged(
        approved=verdict.approved,
        decision=verdict.decision,
        because=verdict.because,
        evidence=verdict.evidence,
        outcome=session.outcome,
        coverage=transcript.coverage,
        findings=session.findings,
        stages=session.stages,
        events=transcript.events,
    )
    safe = bounded(redact_json(cleaned(asdict(whole))))
    return json.dumps(safe, separators=(",", ":"), allow_nan=False).encode()


def hand_over(session: Session, replies: int) -> None:
    """Write it down a pipe; a caller who gave up waiting is no error."""
    line = memoryview(b"judged " + judged_json(session) + b"\n")
    with contextlib.suppress(OSError):
        while line:
            line = line[os.write(replies, line) :]
