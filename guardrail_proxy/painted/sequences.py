"""COLD. Takes terminal output apart and does what it says to a screen of cells.

pyte's own parser gives no places, raises TypeError on ``CSI ? 4 m`` and ``CSI ? 996 n``, and prints ``CSI = 1;1 u`` as
text. What is in no table here moves nothing: colours, titles, queries, keyboard protocols, device control strings.
"""

import re
from functools import lru_cache

from pyte import modes

from guardrail_proxy.painted.cells import Cells

TOKEN = re.compile(
    r"""
      (?P<text>    [^\x00-\x1f\x7f-\x9f]+ )
    | (?P<colour>  (?:\x1b\[|\x9b) [0-9;:]* m )
    | (?P<csi>     (?:\x1b\[|\x9b) [0-?]* [ -/]* [@-~] )
    | (?P<string>  (?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f]) [^\x07\x1b\x9c\x18\x1a]* (?:\x07|\x1b\\|[\x9c\x18\x1a])? )
    | (?P<escape>  \x1b [ -/]* [0-~] )
    | (?P<control> [\x08-\x0d\x84\x85\x8d] )
    """,
    re.VERBOSE,
)
CSI = re.compile(r"(?:\x1b\[|\x9b)([<=>?]?)([0-9;]*)([@-~])")
MOST_COUNT = 9999
ONE = {
    "@": "insert_characters", "A": "cursor_up", "B": "cursor_down", "C": "cursor_forward", "D": "cursor_back",
    "E": "cursor_down1", "F": "cursor_up1", "G": "cursor_to_column", "I": "tabs", "J": "erase_in_display",
    "K": "erase_in_line", "L": "insert_lines", "M": "delete_lines", "P": "delete_characters", "S": "scroll_up",
    "T": "scroll_down", "X": "erase_characters", "Z": "tabs_back", "`": "cursor_to_column", "a": "cursor_forward",
    "b": "again", "d": "cursor_to_line", "e": "cursor_down", "g": "clear_tab_stop",
}  # fmt: skip
"""Final byte of CSI -> what takes one number."""
TWO = {"H": "cursor_position", "f": "cursor_position", "r": "margins_and_home"}
NONE = {"s": "keep_cursor", "u": "return_cursor"}
ESCAPES = {
    "7": "keep_cursor", "8": "return_cursor", "D": "index", "E": "next_line", "M": "reverse_index", "H": "set_tab_stop",
    "c": "restart", "#8": "clear",
}  # fmt: skip
CONTROLS = {
    "\x08": "backspace", "\t": "tab", "\n": "linefeed", "\x0b": "linefeed", "\x0c": "linefeed", "\r": "carriage_return",
    "\x84": "index", "\x85": "next_line", "\x8d": "reverse_index",
}  # fmt: skip
SCROLLS = frozenset(("index", "next_line", "linefeed", "reverse_index"))
DESTROYS = frozenset("@JLMPSTX")
LARGEST = {"J": 2, "K": 2, "g": 3}
"""Final byte -> the largest number it knows; on another one pyte raises. (ED 3 clears what has scrolled off.)"""
ALTERNATE, SYNCHRONIZED = frozenset((47, 1047, 1049)), 2026
MODES = {("", 4): modes.IRM, ("", 20): modes.LNM, ("?", 7): modes.DECAWM}
"""Modes that change where characters go."""


def apply(cells: Cells, kind: str | None, token: str, at: int) -> None:
    """Do to the screen what a token says that is at an offset of the output."""
    if kind == "text":
        cells.draw_from(token, at)
    elif kind == "csi":
        _sequence(cells, *_parts(token))
    elif kind == "control":
        _move(cells, CONTROLS[token])
    elif kind == "escape" and token[1:] in ESCAPES:
        _move(cells, ESCAPES[token[1:]])


@lru_cache(maxsize=4096)
def _parts(token: str) -> tuple[str, tuple[int, ...], str]:
    """(prefix, numbers, final byte) of a CSI sequence; three times nothing when it has intermediate bytes."""
    found = CSI.fullmatch(token)
    if not found:
        return "", (), ""
    prefix, numbers, final = found.groups()
    return prefix, tuple(min(int(number[:5] or 0), MOST_COUNT) for number in numbers.split(";")), final


def _move(cells: Cells, name: str) -> None:
    if name in SCROLLS:
        cells.look_before_scrolling()
    getattr(cells, name)()


def _sequence(cells: Cells, prefix: str, numbers: tuple[int, ...], final: str) -> None:
    if final and final in "hl":
        for number in numbers:
            _mode(cells, (prefix, number), is_on=final == "h")
    elif not prefix or (prefix == "?" and final in "JK"):
        _act(cells, final, numbers)


def _act(cells: Cells, final: str, numbers: tuple[int, ...]) -> None:
    if final in DESTROYS:
        cells.look()
    elif final == "K":
        cells.look_before_erasing(numbers[0])
    if final in ONE and numbers[0] <= LARGEST.get(final, MOST_COUNT):
        getattr(cells, ONE[final])(numbers[0])
    elif final in TWO:
        getattr(cells, TWO[final])(*(number or None for number in (*numbers, 0)[:2]))
    elif final in NONE:
        getattr(cells, NONE[final])()


def _mode(cells: Cells, mode: tuple[str, int], *, is_on: bool) -> None:
    if mode[0] == "?" and mode[1] in ALTERNATE:
        cells.alternate(is_on=is_on, and_cursor=mode[1] == 1049)
    elif mode == ("?", SYNCHRONIZED):
        cells.look()
    elif mode in MODES:
        (cells.mode.add if is_on else cells.mode.discard)(MODES[mode])
