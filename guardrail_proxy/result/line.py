"""WARM. What is said about a session at its end."""

from guardrail_proxy.enforce.verdict import counts
from guardrail_proxy.escape import one_line
from guardrail_proxy.session import SEVERITIES, Finding, Session

NAMED_MOST = 2
SHORT_ID = 18
"""Of a UUIDv7 the time and the first twelve random bits: enough for commands to find it, and it fits into a line."""


def result(session: Session) -> str:
    """One line without prefix, '' when there is nothing to say; nothing of it is the session's own text."""
    worth = sorted(filter(counts, session.findings), key=_badness)
    because = tuple(dict.fromkeys([finding.id for finding in worth])) or session.verdict.because
    if not because:
        return ""
    named = ", ".join(because[:NAMED_MOST])
    more = f" and {len(because) - NAMED_MOST} more" if len(because) > NAMED_MOST else ""
    return one_line(f"{named}{more}; see: guardrail-proxy explain {session.capture.session_id[:SHORT_ID]}")


def _badness(finding: Finding) -> int:
    return -SEVERITIES.index(finding.severity)
