"""WARM. Takes secrets out of terminal output as it comes, before a byte of it is written.

The output is looked at in segments whose borders lie in what it says, not in how it was cut into chunks: so any
chunking of the same bytes gives the same text, and every character is looked at a bounded number of times. A segment
is seen together with what came before it; one without a natural end also with what comes after it.
"""

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator

from guardrail_proxy.sidecar.cover import Cover, covers, joined
from guardrail_proxy.sidecar.plain import SEQUENCE, Plain
from guardrail_proxy.sidecar.private_key import BEGIN, PrivateKey
from guardrail_proxy.value import Value

LEAST = 1024
"""Characters that are looked at together at least: a line alone costs as much."""
MOST, OVERLAP = 16384, 8192
"""A segment without an end is cut here, and seen with so much of its surroundings: the longest key has 7 kB."""
BEFORE = 1024
"""Of a segment that ended by itself so much is seen again with the next one."""
BORDER = re.compile(r"\n|\x1b\[\?2026l|(?=\x1b\[[0-9]{0,4}(?:;[0-9]{0,4})?H)")
CLIPBOARD = re.compile(r"\x1b\]52;[^\x07\x1b]*")
"""OSC 52 puts base64 into the clipboard: what it says cannot be looked at line by line."""


class Piece(Value):
    """Output that may be written, or a new window size, at a time in seconds since the session began."""

    __slots__ = ("at", "is_size", "text")

    def __init__(self, at: float, text: str, *, is_size: bool = False) -> None:
        self.at, self.text, self.is_size = at, text, is_size


class StreamRedactor:
    """Bytes of a terminal in, text without secrets out."""

    def __init__(self) -> None:
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._waiting = self._before = ""
        self._marks: list[Piece] = []
        self._places: list[int] = []
        self._searched = 0
        self._key: PrivateKey | None = None
        self._seen: list[str] = []

    def feed(self, at: float, data: bytes) -> list[Piece]:
        """What may be written now."""
        self._mark(Piece(at, ""))
        self._waiting += self._decoder.decode(data)
        return [piece for size, ahead in self._segments() for piece in self._release(size, ahead)]

    def resized(self, at: float, size: str) -> list[Piece]:
        """The window changed; its place is after what waits."""
        self._mark(Piece(at, size, is_size=True))
        return [] if self._waiting else self._release(0, 0)

    def rest(self) -> list[Piece]:
        """What waited for more: the stream is over."""
        self._waiting += self._decoder.decode(b"", final=True)
        pieces = [piece for size, ahead in self._segments() for piece in self._release(size, ahead)]
        return pieces + self._release(len(self._waiting), 0)

    def take_seen(self) -> list[str]:
        """The text of segments that held a secret, as it was, since this was asked last; for memory only."""
        seen, self._seen = self._seen, []
        return seen

    def _mark(self, mark: Piece) -> None:
        self._marks.append(mark)
        self._places.append(len(self._waiting))

    def _segments(self) -> Iterator[tuple[int, int]]:
        """(size of the next segment, how much behind it is seen with it) while one is complete."""
        while len(self._waiting) >= LEAST:
            found = BORDER.search(self._waiting, max(LEAST - 1, self._searched), MOST)
            if found:
                yield found.end(), 0
            elif len(self._waiting) >= MOST + OVERLAP:
                yield self._cut(), OVERLAP
            else:
                self._searched = max(0, min(len(self._waiting), MOST) - 16)  # a border may have begun
                return

    def _cut(self) -> int:
        """Where a segment without an end is cut: not inside an escape sequence."""
        around = SEQUENCE.finditer(self._waiting, MOST - 256, MOST + 256)
        return next((s.start() for s in around if s.start() < MOST < s.end()), MOST)

    def _release(self, size: int, ahead: int) -> list[Piece]:
        segment = self._waiting[:size]
        found = tuple(self._covers(segment, self._waiting[size : size + ahead]))
        pieces = list(self._timed(_runs(segment, found), size))
        self._before = segment[-(OVERLAP if ahead else BEFORE) :]
        self._waiting, self._searched = self._waiting[size:], 0
        return pieces

    def _covers(self, segment: str, ahead: str) -> Iterator[Cover]:
        """What of a segment must not be kept."""
        start = 0
        if self._key:
            plain = Plain(segment)
            end = self._key.end(plain.text)
            start = len(segment) if end is None else min(plain.origin(end), len(segment))
            yield Cover(0, start, "private-key")
            self._key, self._before = (self._key if end is None else None), ""
        if start < len(segment):
            yield from self._in_text(segment, start, ahead)

    def _in_text(self, segment: str, start: int, ahead: str) -> Iterator[Cover]:
        shift = len(self._before) - start
        window = self._before + segment[start:] + ahead
        clipboard = (Cover(*found.span(), "clipboard") for found in CLIPBOARD.finditer(window))
        found = joined((*covers(window), *clipboard, *self._new_keys(window, len(self._before), len(ahead))))
        inside = [cover for cover in found if cover.end > len(self._before) and cover.start < len(window) - len(ahead)]
        if inside:
            self._seen.append(Plain(window).text)
        yield from (Cover(max(c.start - shift, start), min(c.end - shift, len(segment)), c.rule) for c in inside)

    def _new_keys(self, window: str, before: int, ahead: int) -> Iterator[Cover]:
        """Every private key that begins here; one that does not end here is followed."""
        if window.count("-") < len("-----"):  # sequences may stand between them
            return
        plain = Plain(window)
        for begin in BEGIN.finditer(plain.text):
            if not before < plain.origin(begin.end() - 1) + 1 <= len(window) - ahead:
                continue
            key = PrivateKey()
            end = key.end(plain.text[begin.end() :])
            self._key = key if end is None else None
            until = len(window) if end is None else plain.origin(begin.end() + end)
            yield Cover(plain.origin(begin.start()), until, "private-key")

    def _timed(self, runs: Iterator[tuple[int, str]], size: int) -> Iterator[Piece]:
        """The runs at the times their bytes came, with the window's sizes between them; moves the marks on."""
        kept, now = list(runs), 0.0
        later: list[tuple[int, Piece]] = []
        for place, mark in zip(self._places, self._marks, strict=True):
            if place > size:
                later.append((place - size, mark))
                continue
            for text in _taken(kept, place):
                yield Piece(now, text)
            now = mark.at
            if mark.is_size:
                yield mark
        for text in _taken(kept, size + 1):
            yield Piece(now, text)
        later.insert(0, (0, Piece(now, "")))
        self._places, self._marks = [place for place, _ in later], [mark for _, mark in later]


def _runs(segment: str, found: tuple[Cover, ...]) -> Iterator[tuple[int, str]]:
    """(place in the segment, text that may be kept); a marker stands where its secret began."""
    at = 0
    for cover in found:
        if cover.start > at:
            yield at, segment[at : cover.start]
        if cover.end > at:
            yield cover.start, cover.marker
            at = cover.end
    if at < len(segment):
        yield at, segment[at:]


def _taken(runs: list[tuple[int, str]], until: int) -> Iterator[str]:
    """Takes off the list what begins before a place; a run that reaches beyond it is split, a marker is not."""
    texts: list[str] = []
    while runs and runs[0][0] < until:
        place, text = runs.pop(0)
        if place + len(text) > until and not text.startswith("[redacted:"):
            runs.insert(0, (until, text[until - place :]))
            text = text[: until - place]
        texts.append(text)
    if texts:
        yield "".join(texts)
