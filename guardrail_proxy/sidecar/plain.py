"""WARM. Terminal output as the text a reader sees, each character with its place in the output.

A colour code inside a token does not hide it: sequences that paint nothing are left out. What moves the cursor along
the line reads as a blank, what moves it elsewhere as a new line.
"""

import re
from bisect import bisect_right

SEQUENCE = re.compile(
    r"""
    (?P<blank> (?:\x1b\[|\x9b)[0-9]*[CG] )            # right on the same line: some programs draw blanks so
    | (?P<line> (?:\x1b\[|\x9b)[0-9;]*[ABEFHdf]       # elsewhere on the screen
        | \x1b\][0-9]{0,4};? | \x1b[PX^_DEM] | \x1b\\ | \x07 | \x9c     # a string begins or ends: what it holds is text
        | \r+(?!\r*\n) )
    | (?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~] | \x1b[ -/]*[0-~]
    | [\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2060-\u206f\ufeff]
    """,
    re.VERBOSE,
)
INSTEAD = {"blank": " ", "line": "\n"}


class Plain:
    """The text of a piece of output, and where its characters come from."""

    __slots__ = ("_origins", "_starts", "text")

    def __init__(self, output: str) -> None:
        pieces: list[str] = []
        self._starts, self._origins = [0], [0]
        at = size = 0
        for found in SEQUENCE.finditer(output):
            pieces.append(output[at : found.start()] + INSTEAD.get(found.lastgroup or "", ""))
            size += len(pieces[-1])
            at = found.end()
            if found.lastgroup:
                self._starts.append(size - 1)
                self._origins.append(found.start())
            self._starts.append(size)
            self._origins.append(at)
        pieces.append(output[at:])
        self.text = "".join(pieces)

    def origin(self, position: int) -> int:
        """Where a character of the text is in the output."""
        run = bisect_right(self._starts, position) - 1
        return self._origins[run] + position - self._starts[run]
