"""WARM. What a rule module is, and what its ``check`` yields.

A rule is one file ``rules/<category>/<name>.py`` with these names: a docstring (its user documentation), ``SEVERITY``,
``KINDS``, ``bad``, ``good``, ``FIX`` and ``check``. The path is its id: ``rules/secrets/aws_access_key.py`` is
``secrets/aws-access-key``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from guardrail_proxy.session import Event, Kind, Severity


@dataclass(frozen=True, slots=True)
class Match:
    """Where one event's text breaks a rule. ``None`` means: as the rule module says."""

    start: int
    """Offset into the event's text, in characters."""
    end: int
    message: str
    """One sentence for people; never quotes a secret."""
    severity: Severity | None = None
    id: str | None = None
    """Full path id when one module speaks for many rules: ``secrets/<data rule>``."""
    line: int | None = None
    """1-based line in the event's text; counted from ``start`` when None."""
    quote: str | None = None
    """What to show; ``text[start:end]`` when None. Redacted and cut by ``validate`` either way."""


class Rule(Protocol):
    """The shape of a rule module."""

    SEVERITY: Severity
    KINDS: frozenset[Kind]
    FIX: str
    bad: tuple[str, ...]
    """Texts of events of one of KINDS that must match."""
    good: tuple[str, ...]
    """The same, that must not."""

    def check(self, event: Event) -> Iterator[Match]:
        """Every place where the event breaks the rule."""
        ...
