"""HOT. Stage 1: the argv and environment that carry the guardrail documents and hooks."""

from guardrail_proxy.context.carried import context

__all__ = ["context"]
