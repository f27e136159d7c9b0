"""COLD. What a failure mode is, and what its ``check`` yields.

A failure mode is one file ``failures/<category>/<name>.py`` with a docstring (its user documentation), ``SEVERITY``,
``STATUS``, ``FIX``, ``bad`` and ``good`` (sessions as tuples of events) and ``check``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from guardrail_proxy.session import Event, Severity, Transcript

Status = Literal["counted", "observe"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a session fails. ``None`` means: as the failure mode's module says."""

    message: str
    """One sentence for people; never quotes a secret."""
    event_seq: int | None = None
    quote: str = ""
    line: int | None = None
    severity: Severity | None = None
    status: Status | None = None
    confidence: float = 1.0


class FailureMode(Protocol):
    """The shape of a failure mode's module."""

    SEVERITY: Severity
    STATUS: Status
    FIX: str
    bad: tuple[tuple[Event, ...], ...]
    good: tuple[tuple[Event, ...], ...]

    def check(self, transcript: Transcript) -> Iterator[Failure]:
        """Every place where the session fails in this way."""
        ...
