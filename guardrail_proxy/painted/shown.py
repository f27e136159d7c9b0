"""COLD. The output of a recording as one text, with where each part of it is in the file."""

import gzip
import io
import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from guardrail_proxy.log.recording import is_whole, salvaged

READ_MOST = 64 << 20
"""Characters that are held in memory."""
SIZE = re.compile(r"([0-9]{1,5})x([0-9]{1,5})")


@dataclass(slots=True)
class Shown:
    """What a terminal was sent, as far as it is read; offsets are characters from the beginning."""

    size: tuple[int, int] = (80, 24)
    """(columns, lines) of the window."""
    texts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """The line of the file that each text is from."""
    sizes: list[tuple[int, int, int]] = field(default_factory=list)
    """(offset, columns, lines): the window's size from there on."""
    length: int = 0
    unread: int = 0

    def add(self, line: int, text: str) -> None:
        """The next output."""
        if self.unread or self.length + len(text) > READ_MOST:
            self.unread += len(text)
            return
        self.texts.append(text)
        self.starts.append(self.length)
        self.lines.append(line)
        self.length += len(text)

    def changed(self, text: str, places: set[int]) -> dict[int, str]:
        """Line of the file -> its new text, where a text of the same length differs from this one at some places."""
        numbers = {bisect_left(self.starts, place + 1) - 1 for place in places}
        begins = {number: self.starts[number] for number in numbers}
        return {self.lines[n]: text[begin : begin + len(self.texts[n])] for n, begin in begins.items()}


def read_shown(data: bytes) -> Shown:
    """The output of a recording, out of its bytes; lines that are none of asciicast v2 are passed over."""
    shown = Shown()
    for number, line in enumerate(unpacked_lines(data)):
        with suppress(ValueError, RecursionError):
            match json.loads(line):
                case {"width": int(columns), "height": int(rows)}:
                    shown.size = (columns, rows)
                case [_, "o", str(text)]:
                    shown.add(number, text)
                case [_, "r", str(size)] if found := SIZE.fullmatch(size):
                    shown.sizes.append((shown.length, int(found[1]), int(found[2])))
    return shown


def whole_bytes(recording: Path) -> bytes:
    """The bytes of a recording; of one that was cut off, what can be read of it, as a whole stream."""
    data = recording.read_bytes()
    return data if is_whole(data) else gzip.compress(salvaged(data), 1, mtime=0)


def unpacked_lines(data: bytes) -> Iterator[bytes]:
    """The lines of a gzip file."""
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as lines:
        yield from lines
