"""COLD. Makes the caller's result of what ran and what was judged."""

import os
from dataclasses import dataclass

from guardrail_proxy.api.request import AIRequest
from guardrail_proxy.api.response import ParsedResponse, ResponseParser, data_of
from guardrail_proxy.api.result import AIResult
from guardrail_proxy.judged import Judged
from guardrail_proxy.session import Mode, Stage


@dataclass(frozen=True, slots=True)
class Ran:
    """What the CLI did."""

    output: str
    errors: str
    status: int
    """A wait status."""
    why: str
    """'' when it ended by itself."""
    duration_ms: int
    stages: tuple[Stage, ...]

    @property
    def exit_code(self) -> int | None:
        """Its own; None when a signal or we ended it."""
        return os.WEXITSTATUS(self.status) if os.WIFEXITED(self.status) and not self.why else None


def result_of(request: AIRequest, mode: Mode, session_id: str, ran: Ran, judged: Judged | None) -> AIResult:
    """The result of a recorded session. Without a verdict in time, strict does not approve."""
    if judged is None:
        return unrecorded(request, mode, ran, session_id)
    data = data_of(ran.output) if request.structured else None
    return AIResult(
        raw_output=ran.output,
        parsed=ParsedResponse(judged.events, judged.evidence, data),
        violations=tuple(finding for finding in judged.findings if finding.kind == "violation"),
        failures=tuple(finding for finding in judged.findings if finding.kind == "failure"),
        approved=judged.approved,
        mode=mode,
        session_id=session_id,
        exit_code=0,
        duration_ms=ran.duration_ms,
        stages=(*ran.stages, *judged.stages),
        decision=judged.decision,
        because=judged.because,
        external_id=request.session_id,
    )


def unrecorded(request: AIRequest, mode: Mode, ran: Ran, session_id: str = "") -> AIResult:
    """The result of a session that nobody judged: standard lets it through, strict never."""
    return AIResult(
        raw_output=ran.output,
        parsed=ResponseParser().parse(ran.output, request.tool),
        violations=(),
        failures=(),
        approved=mode == "standard",
        mode=mode,
        session_id=session_id,
        exit_code=0,
        duration_ms=ran.duration_ms,
        stages=ran.stages,
        decision="unjudged",
        because=("guard/unjudged",),
        external_id=request.session_id,
    )
