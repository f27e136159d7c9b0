"""COLD. What a caller gets."""

from dataclasses import dataclass

from guardrail_proxy.api.response import ParsedResponse
from guardrail_proxy.session import Decision, Finding, Mode, Stage


@dataclass(frozen=True, slots=True)
class AIResult:
    """The answer to one request, judged."""

    raw_output: str
    """What the CLI wrote on stdout, untouched and not redacted: for the caller alone, and only if ``approved``."""
    parsed: ParsedResponse
    violations: tuple[Finding, ...]
    failures: tuple[Finding, ...]
    approved: bool
    mode: Mode
    """The mode that held: as asked for, or stricter."""
    session_id: str
    """The id of its record; '' when it could not be recorded."""
    exit_code: int
    duration_ms: int
    """From the start of the CLI to its end."""
    stages: tuple[Stage, ...]
    decision: Decision = "approved"
    """``unjudged``: nobody could look, which standard lets through and strict never does."""
    because: tuple[str, ...] = ()
    """What counts against it: ids of findings, or reasons of the guard."""
    external_id: str | None = None
    """The ``session_id`` of the request."""
