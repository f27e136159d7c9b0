"""COLD. The stages validate and detect over a text, or over an answer that was taken apart."""

from guardrail_proxy.api.response import ParsedResponse, ResponseParser
from guardrail_proxy.detect import detect
from guardrail_proxy.session import Finding
from guardrail_proxy.validate import validate


class GuardrailValidator:
    """Stage validate: every rule of docs/detection.md."""

    def validate(self, answer: str | ParsedResponse) -> tuple[Finding, ...]:
        """What the answer breaks."""
        return validate(_parsed(answer).transcript())


class FailureDetector:
    """Stage detect: every failure mode of docs/detection.md."""

    def detect(self, answer: str | ParsedResponse) -> tuple[Finding, ...]:
        """What the AI did wrong, as far as the answer shows it."""
        return detect(_parsed(answer).transcript())


def _parsed(answer: str | ParsedResponse) -> ParsedResponse:
    return ResponseParser().parse(answer) if isinstance(answer, str) else answer
