"""WARM. Puts ``[redacted:<data rule>]`` where a text's secrets are."""

from guardrail_proxy.secrets.find import find_secrets

MOST_ROUNDS = 8
"""Taking one secret out can bring another into view (it was part of the first one's match); this many times at most."""


def mask(text: str) -> str:
    """The text without its secrets. Masking twice is masking once."""
    for _ in range(MOST_ROUNDS):
        shorter = mask_slice(text, 0, len(text))
        if shorter == text:
            break
        text = shorter
    return text


def mask_slice(text: str, start: int, end: int) -> str:
    """``text[start:end]`` without the secrets that the whole text shows, also where the slice cuts one."""
    pieces, at = [], start
    for span in find_secrets(text):
        if span.end <= start or span.start >= end:
            continue
        pieces += [text[at : max(at, span.start)], f"[redacted:{span.rule}]"]
        at = span.end
    return "".join(pieces) + text[at:end]
