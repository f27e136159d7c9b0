"""WARM. A secret in a text."""

from __future__ import annotations

from guardrail_proxy.value import Value

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from guardrail_proxy.secrets.rules import RuleKind


class SecretSpan(Value):
    """``text[start:end]``, and the data rule that knows it: ``aws-access-key``; the finding is ``secrets/<rule>``."""

    __slots__ = ("end", "kind", "rule", "start")

    def __init__(self, start: int, end: int, rule: str, kind: RuleKind = "provider") -> None:
        self.start, self.end, self.rule, self.kind = start, end, rule, kind
