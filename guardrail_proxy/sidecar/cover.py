"""WARM. Which places of a piece of terminal output must not be kept, and the output with markers in their stead."""

from collections.abc import Iterator

from guardrail_proxy.secrets.find import find_secrets
from guardrail_proxy.sidecar.plain import Plain
from guardrail_proxy.value import Value

MOST_ROUNDS = 8
"""Taking one secret out can bring another into view; this many times at most."""


class Cover(Value):
    """``output[start:end]`` must not be kept."""

    __slots__ = ("end", "rule", "start")

    def __init__(self, start: int, end: int, rule: str) -> None:
        self.start, self.end, self.rule = start, end, rule

    @property
    def marker(self) -> str:
        """What stands there instead."""
        return f"[redacted:{self.rule}]"


def covers(output: str) -> tuple[Cover, ...]:
    """Every place that holds a secret, in order, without overlaps; offsets are those of the output."""
    found: tuple[Cover, ...] = ()
    for _ in range(MOST_ROUNDS):
        shown, origins = _covered(output, found)
        more = [_back(cover, origins) for cover in _secrets(shown)]
        if not more:
            break
        found = joined((*found, *more))
    return found


def joined(found: tuple[Cover, ...]) -> tuple[Cover, ...]:
    """In order and without overlaps; of two the one that begins first names both."""
    whole: list[Cover] = []
    for cover in sorted(found, key=lambda one: (one.start, -one.end)):
        if whole and cover.start < whole[-1].end:
            last = whole.pop()
            cover = Cover(last.start, max(last.end, cover.end), last.rule)  # noqa: PLW2901 # grows while it overlaps
        whole.append(cover)
    return tuple(whole)


def _secrets(output: str) -> Iterator[Cover]:
    plain = Plain(output)
    for span in find_secrets(plain.text):
        yield Cover(plain.origin(span.start), plain.origin(span.end - 1) + 1, span.rule)


Origin = tuple[int, int, int]
"""(start in what is shown, start in the output, end in the output) of a run or a marker."""


def _covered(output: str, found: tuple[Cover, ...]) -> tuple[str, list[Origin]]:
    """The output with markers, and where each run of it comes from."""
    pieces: list[str] = []
    origins: list[Origin] = []
    at = size = 0
    for cover in found:
        for text, start, end in ((output[at : cover.start], at, cover.start), (cover.marker, cover.start, cover.end)):
            origins.append((size, start, end))
            pieces.append(text)
            size += len(text)
        at = cover.end
    origins.append((size, at, len(output)))
    return "".join((*pieces, output[at:])), origins


def _back(cover: Cover, origins: list[Origin]) -> Cover:
    """A place in what is shown as a place in the output; one that touches a marker takes all of it."""
    start, end = cover.start, cover.end
    for number, (shown, raw_start, raw_end) in enumerate(origins):
        is_marker = bool(number % 2)
        if shown <= cover.start:
            start = raw_start if is_marker else min(raw_start + cover.start - shown, raw_end)
        if shown < cover.end:
            end = raw_end if is_marker else min(raw_start + cover.end - shown, raw_end)
    return Cover(start, end, cover.rule)
