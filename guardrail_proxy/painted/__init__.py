"""COLD. What a full-screen program painted: the recording, rendered, its secrets masked before anybody reads it."""

from guardrail_proxy.painted.masking import Painted, mask_painted

__all__ = ["Painted", "mask_painted"]
