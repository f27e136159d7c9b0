r"""COLD. What of a recording may reach the terminal of somebody who replays it.

Colours and cursor movements pass. What would act on the watcher dies: clipboard and title strings (OSC), device control
strings, and queries, whose answers the terminal would type into the shell.
"""

import re

ALLOWED_OSC = re.compile(r"\x1b\]8;[^\x07\x1b]{0,2048}(?:\x07|\x1b\\)")
"""Hyperlinks, which do nothing until somebody clicks."""
STRING = re.compile(r"(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c\x18\x1a]*(?:\x07|\x1b\\|\x9c|\x18|\x1a)?")
QUERY = re.compile(
    r"""
      \x1b\[ [0-?]{0,32} [cnx]                  # device attributes, status and cursor reports
    | \x1b\[ > [0-?]{0,32} q                    # terminal name
    | \x1b\[ [0-?]{0,32} \$ p                   # is a mode set?
    | \x1b\[ [0-?]{0,32} t                      # window operations
    | \x1b\[ \? [0-9;]{0,32} S                  # graphics
    | \x1b\[ [<=>?] [0-9;:]{0,32} u             # keyboard protocol
    | \x1b\[ \? [0-9;]{0,32} (?:1000|1002|1003|1004|1005|1006|1015|2004|2031|2048) [0-9;]{0,32} h   # reports as input
    | \x1bZ | \x05                               # identify, answerback
    """,
    re.VERBOSE,
)
C1 = re.compile("[\x80-\x9f]")
LONGEST_OPEN = 65536


class Tamer:
    """Takes what acts on the watcher out of output that comes in pieces cut anywhere."""

    def __init__(self) -> None:
        self._kept = ""

    def feed(self, text: str) -> str:
        """The harmless part of what came so far."""
        text, self._kept = self._kept + text, ""
        cut = _open_at(text)
        text, self._kept = text[:cut], text[cut:]
        return tame(text)

    def close(self) -> str:
        """The rest: an unfinished sequence is dropped."""
        self._kept = ""
        return ""


def tame(text: str) -> str:
    """The text without what acts on the watcher."""
    return C1.sub("", QUERY.sub("", STRING.sub(_link_or_nothing, text)))


def _link_or_nothing(match: re.Match[str]) -> str:
    return match[0] if ALLOWED_OSC.fullmatch(match[0]) else ""


def _open_at(text: str) -> int:
    """Where an unfinished sequence begins, or the length of the text."""
    begin = max((text.rfind(mark) for mark in ("\x1b[", "\x1b]", "\x1bP", "\x1bX", "\x1b^", "\x1b_")), default=-1)
    if text.endswith("\x1b"):
        is_end_of_string = begin >= 0 and text[begin + 1] != "[" and not STRING_END.search(text, begin + 2)
        return begin if is_end_of_string else len(text) - 1
    if begin < 0 or len(text) - begin > LONGEST_OPEN:
        return len(text)
    is_csi = text[begin + 1] == "["
    is_whole = (CSI_END if is_csi else STRING_END).search(text, begin + 2)
    return len(text) if is_whole else begin


CSI_END = re.compile(r"[@-~\x00-\x1f\x7f]")
STRING_END = re.compile(r"\x07|\x1b\\|\x9c|\x18|\x1a")
