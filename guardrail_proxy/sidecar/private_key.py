"""WARM. Where a private key ends that began before: its lines come one after the other, and none may be kept."""

import re
from collections.abc import Iterator

BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
BODY = re.compile(r"[A-Za-z0-9+/=]{16}|^[\s\W\d]{0,12}[A-Za-z0-9+/]{1,15}={0,2}\W*$")
"""A line of a key: a long run of base64, or its short last line, perhaps with a line number or a frame before it."""
OTHER_MOST = 3
"""Lines in a row that are none of a key: what began was no key, or has been cut off."""
CHARACTERS_MOST = 64 << 10


class PrivateKey:
    """Follows one key from its BEGIN on, through as many texts as it takes."""

    __slots__ = ("_left", "_others")

    def __init__(self) -> None:
        self._left, self._others = CHARACTERS_MOST, 0

    def end(self, text: str) -> int | None:
        """The offset where the key is over, None when it is not."""
        found = END.search(text)
        another = BEGIN.search(text, 0, found.end() if found else len(text))  # the one before was none, or was cut off
        over = another.start() if another else found.end() if found else None
        for end, line in _lines(text, len(text) if over is None else over):
            self._others = 0 if BODY.search(line) or not line.strip() else self._others + 1
            self._left -= len(line)
            if self._others >= OTHER_MOST or self._left <= 0:
                return end
        return over


def _lines(text: str, until: int) -> Iterator[tuple[int, str]]:
    """(where it ends, the line)."""
    at = 0
    for line in text[:until].splitlines(keepends=True):
        at += len(line)
        yield at, line.rstrip("\n")
