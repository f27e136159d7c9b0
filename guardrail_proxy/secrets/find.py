"""WARM. Where the secrets are in a text: keyword index, then one linear expression a rule, then what denies it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from guardrail_proxy.secrets.keywords import places_by_rule
from guardrail_proxy.secrets.span import SecretSpan

COLOUR = re.compile(rb"(?:\x1b|\\u001[bB]|\\x1[bB]|\\033|\\e)\[[0-9;:?]*[A-Za-z]")
RANK = {"private-key": 0, "aws": 1, "provider": 2, "generic": 3}
"""Of rules that match the same place, the most specific names it."""


@lru_cache(maxsize=4)
def find_secrets(text: str) -> tuple[SecretSpan, ...]:
    """Every secret of a text, in order, without overlaps; offsets are characters."""
    data = _spaced(text.encode("utf-8", "surrogatepass"))
    places = places_by_rule(data.lower())
    if not places:
        return ()
    from guardrail_proxy.secrets.matches import matches  # noqa: PLC0415 # expressions are for who has a keyword

    spans = tuple(_without_overlaps(matches(data, places)))
    return spans if text.isascii() else tuple(_in_characters(data, spans))


def may_hold_secrets(text: str) -> bool:
    """False where no rule's keyword is in the text: then neither it nor any part of it that ends at quotes has one."""
    return bool(places_by_rule(_spaced(text.encode("utf-8", "surrogatepass")).lower()))


def _spaced(data: bytes) -> bytes:
    r"""The same bytes at the same offsets, but what only separates is white space: colours, and newlines of JSON.

    In ``\x1b[1mAKIA...`` and in ``"a\nAKIA..."`` a letter stands right before the key, where no word would begin.
    """
    if b"[" in data:
        data = COLOUR.sub(lambda match: b" " * len(match[0]), data)
    return data.replace(b"\\n", b" \n").replace(b"\\r", b" \r").replace(b"\\t", b" \t")


def _without_overlaps(found: Iterator[SecretSpan]) -> Iterator[SecretSpan]:
    """Joins what overlaps: the most specific rule names the whole of it."""
    joined: SecretSpan | None = None
    for span in sorted(found, key=lambda s: s.start):
        if joined and span.start < joined.end:
            name = min(joined, span, key=lambda s: RANK[s.kind])
            joined = SecretSpan(joined.start, max(joined.end, span.end), name.rule, name.kind)
            continue
        if joined:
            yield joined
        joined = span
    if joined:
        yield joined


def _in_characters(data: bytes, spans: tuple[SecretSpan, ...]) -> Iterator[SecretSpan]:
    """Byte offsets to character offsets; a span that cuts a character takes all of it."""
    at = characters = 0
    for span in spans:
        start = characters + _length(data[at : span.start])
        characters = start + _length(data[span.start : span.end])
        at = span.end
        yield SecretSpan(start, characters, span.rule, span.kind)


def _length(data: bytes) -> int:
    """Characters that begin in the bytes: every byte that does not continue one."""
    return len(data.translate(None, _CONTINUATION))


_CONTINUATION = bytes(range(0x80, 0xC0))
