"""WARM. One linear expression for each rule whose keyword is there, then what denies its match."""

from collections.abc import Iterator, Mapping

from guardrail_proxy.secrets.denial import is_denied
from guardrail_proxy.secrets.rules import DataRule, expression, rules
from guardrail_proxy.secrets.span import SecretSpan

WHOLE_BYTES = 4096
"""A text up to this size is searched whole; a longer one only around its keywords."""
BEFORE_BYTES, AFTER_BYTES = 256, 8192
"""How far from a rule's keyword its match may reach: a 4096-bit private key in PEM has 3.3 kB, a PGP block 7."""


def matches(data: bytes, places: Mapping[int, list[int]]) -> Iterator[SecretSpan]:
    """What the rules of these numbers find around their keywords' offsets, in bytes; it may overlap."""
    for number, offsets in places.items():
        rule = rules()[number]
        for window in _windows(offsets, len(data)):
            for start, end in _secrets_of(rule, data, window):
                yield SecretSpan(start, end, rule.id, rule.kind)


def _windows(places: list[int], size: int) -> Iterator[tuple[int, int]]:
    if size <= WHOLE_BYTES:
        yield 0, size
        return
    start, end = max(0, places[0] - BEFORE_BYTES), places[0] + AFTER_BYTES
    for place in places:
        if place - BEFORE_BYTES > end:
            yield start, end
            start = place - BEFORE_BYTES
        end = place + AFTER_BYTES
    yield start, min(size, end)


def _secrets_of(rule: DataRule, data: bytes, window: tuple[int, int]) -> Iterator[tuple[int, int]]:
    regex = expression(rule.regex)
    for match in regex.finditer(data, *window):
        groups = (rule.group,) if rule.group else range(1, regex.groups + 1)
        spans = [span for group in groups if (span := match.span(group))[0] >= 0] or [match.span()]
        if not is_denied(rule, data, match.span(), max(spans, key=lambda span: (span[1], -span[0]))):
            yield min(start for start, _ in spans), max(end for _, end in spans)
