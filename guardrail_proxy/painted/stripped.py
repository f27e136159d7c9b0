"""COLD. Finds what reads as a secret where the escape sequences are left out, as a text search does."""

from bisect import bisect_right
from collections.abc import Iterator

from guardrail_proxy.painted.sequences import TOKEN
from guardrail_proxy.painted.visible import Finder
from guardrail_proxy.secrets.find import find_secrets

CHUNK, OVERLAP = 1 << 17, 8192
"""Characters that are searched together, and of them again with the next ones."""

Run = tuple[int, str]
"""(offset in the output, characters that follow each other there)."""


def search_stripped(output: str, finder: Finder) -> None:
    """Tell the finder. Generic rules are left out: pieces of a screen side by side look random."""
    for runs in _chunks(output):
        text = "".join([run for _, run in runs])
        starts, size = [], 0
        for _, run in runs:
            starts.append(size)
            size += len(run)
        for span in find_secrets(text):
            if span.kind != "generic":
                cells = [(text[at], _origin(runs, starts, at)) for at in range(span.start, span.end)]
                finder.found(text[span.start : span.end], span.kind, [cell for cell in cells if cell[0] != "\n"])


def _origin(runs: list[Run], starts: list[int], at: int) -> int:
    number = bisect_right(starts, at) - 1
    return runs[number][0] + at - starts[number]


def _chunks(output: str) -> Iterator[list[Run]]:
    runs: list[Run] = []
    size = 0
    for token in TOKEN.finditer(output):
        text = token[0] if token.lastgroup == "text" else "\n" if token[0] in "\r\n" else ""
        if text:
            runs.append((token.start(), text))
            size += len(text)
        if size >= CHUNK:
            yield runs
            runs = _end(runs)
            size = sum(len(run) for _, run in runs)
    yield runs


def _end(runs: list[Run]) -> list[Run]:
    """The last runs, as many as are to be seen again; a long one is cut."""
    kept: list[Run] = []
    left = OVERLAP
    for at, text in reversed(runs):
        kept.append((at + max(0, len(text) - left), text[-left:]))
        left -= len(text)
        if left <= 0:
            break
    return kept[::-1]
