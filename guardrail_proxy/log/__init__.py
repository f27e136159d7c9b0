"""WARM. Stage 7: a judged session becomes one redacted record in the spool, and its recording goes to ``outputs/``."""

from guardrail_proxy.log.log import log

__all__ = ["log"]
