"""HOT. Stage 2: the real CLI behind a terminal of its own, a pipe, or neither; returns how it ended."""

from guardrail_proxy.run.running import run

__all__ = ["run"]
