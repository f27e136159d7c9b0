"""WARM. Terminal output as the text a reader sees, each character with its place in the output.

A colour code inside a token does not hide it: sequences that paint nothing are left out. What moves the cursor along
the line reads as a blank, what moves it elsewhere as a new line.
"""

import re
from bisect import bisect_right

SEQUENCE = re.compile(
    r"""
    [\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2060-\u206f\ufeff]    # begins each: text is skipped in one stride
    (?: (?P<blank> (?:(?<=\x1b)\[|(?<=\x9b))[0-9]*[CG] )      # right on the same line: some programs draw blanks so
    | (?P<line> (?:(?<=\x1b)\[|(?<=\x9b))[0-9;]*[ABEFHdf]     # elsewhere on the screen
        | (?<=\x1b)(?: \][0-9]{0,4};? | [PX^_DEM\\] ) | (?<=[\x07\x9c])    # a string begins or ends: it holds text
        | (?<=\r)\r*(?!\r*\n) )
    | (?:(?<=\x1b)\[|(?<=\x9b))[0-?]*[ -/]*[@-~] | (?<=\x1b)[ -/]*[0-~]
    | )
    """,
    re.VERBOSE,
)
INSTEAD = {"blank": " ", "line": "\n"}


class Plain:
    """The text of a piece of output, and where its characters come from."""

    __slots__ = ("_origins", "_output", "_starts", "text")

    def __init__(self, output: str) -> None:
        self._output = output
        self._starts: list[int] = []
        self._origins: list[int] = []
        pieces = SEQUENCE.split(output)  # text, blank or None, line or None, text, ...
        if len(pieces) > 1:
            pieces[1::3] = ["" if blank is None else " " for blank in pieces[1::3]]
            pieces[2::3] = ["" if line is None else "\n" for line in pieces[2::3]]
        self.text: str = "".join(pieces)

    def origin(self, position: int) -> int:
        """Where a character of the text is in the output."""
        if not self._starts:
            self._locate()
        run = bisect_right(self._starts, position) - 1
        return self._origins[run] + position - self._starts[run]

    def _locate(self) -> None:
        """Only text that holds a secret is asked for places."""
        self._starts, self._origins = [0], [0]
        at = size = 0
        for found in SEQUENCE.finditer(self._output):
            size += found.start() - at + len(INSTEAD.get(found.lastgroup or "", ""))
            at = found.end()
            if found.lastgroup:
                self._starts.append(size - 1)
                self._origins.append(found.start())
            self._starts.append(size)
            self._origins.append(at)
