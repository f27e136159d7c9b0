"""COLD. Runs every failure mode over a transcript."""

from hashlib import blake2b
from typing import cast

from guardrail_proxy.detect.failure import Failure, FailureMode
from guardrail_proxy.discover import members
from guardrail_proxy.redact import redact
from guardrail_proxy.session import Finding, Transcript

QUOTE_CHARACTERS = 200
MOST_FAILURES = 50
"""Of one mode in one session."""


def detect(transcript: Transcript) -> tuple[Finding, ...]:
    """What went wrong, by failure mode; one that raises becomes the critical finding ``guard/rule-error``."""
    found: list[Finding] = []
    for mode_id, module in members("detect.failures").items():
        mode = cast("FailureMode", module)  # the contract test holds every member to the shape
        try:
            failures = [failure for failure, _ in zip(mode.check(transcript), range(MOST_FAILURES), strict=False)]
        except Exception:  # noqa: BLE001 # a failure mode is an extension point: its bug must not hide the others
            found.append(_error(mode_id))
            continue
        found += [_finding(mode_id, mode, failure, transcript) for failure in failures]
    return tuple(found)


def _finding(mode_id: str, mode: FailureMode, failure: Failure, transcript: Transcript) -> Finding:
    seq = failure.event_seq
    written = seq is not None and transcript.events[seq].kind == "file write"
    return Finding(
        id=mode_id,
        kind="failure",
        severity=failure.severity or mode.SEVERITY,
        message=redact(failure.message),
        quote=redact(failure.quote)[:QUOTE_CHARACTERS],
        event_seq=seq,
        line=failure.line,
        context="written" if written else "printed",
        fingerprint=blake2b(f"{mode_id}\0{failure.quote}".encode("utf-8", "replace"), digest_size=12).hexdigest(),
        fix=mode.FIX,
        status=failure.status or mode.STATUS,
        confidence=failure.confidence,
    )


def _error(mode_id: str) -> Finding:
    return Finding(
        "guard/rule-error",
        "violation",
        "critical",
        f"the failure mode {mode_id} failed, so it was not looked for",
        fingerprint=mode_id,
        fix="report the failure mode, or remove it; nothing was approved by it",
    )
