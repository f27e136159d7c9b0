"""WARM. Stage 6: findings and mode become a verdict, for one tool call or a whole session."""

from guardrail_proxy.enforce.verdict import enforce

__all__ = ["enforce"]
