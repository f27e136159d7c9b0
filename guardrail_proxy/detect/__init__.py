"""COLD. Stage 5: what the AI did wrong in a whole session, apart from rules it broke."""

from guardrail_proxy.detect.detection import detect

__all__ = ["detect"]
