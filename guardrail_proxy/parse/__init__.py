"""WARM. Stage 3: what a session left behind becomes a transcript of events.

Sources, best first: the CLI's native transcript, its structured output, the calls of its hooks, the recording.
"""

from guardrail_proxy.parse.transcript import parse

__all__ = ["parse"]
