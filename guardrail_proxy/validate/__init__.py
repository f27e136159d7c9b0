"""WARM. Stage 4: Transcript -> violations. What the AI ran, wrote or printed against the rules of ``rules/``."""

from guardrail_proxy.validate.validation import validate

__all__ = ["validate"]
