"""WARM. Stage 8: a session's verdict in one line; the exit status is the relay's to make of it."""

from guardrail_proxy.result.line import result

__all__ = ["result"]
