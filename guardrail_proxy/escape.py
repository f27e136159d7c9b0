r"""WARM. Makes text of a session harmless where a terminal, a log or a Markdown file gets it.

Text of a session is data: it may hold escape sequences that set the clipboard, characters that reverse what is read,
or newlines that forge a log line. What cannot be seen is shown as ``\x1b`` or ``\u202e``.
"""

import re

INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and newline, DEL, C1
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, separators, bidi controls, deprecated formatting
    "\ufe00-\ufe0d\ufeff\ufff0-\uffff"  # variation selectors but the two of emoji, byte order mark, non-characters
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # other format controls
    "\U000e0000-\U000e0fff"  # tags and more variation selectors
    "\ud800-\udfff"  # lone surrogates: cannot be written at all
    "]"
)
SHOWN_PLAINLY = "\ufffd\ufffc"
"""The replacement characters are seen as themselves."""
MARKDOWN = str.maketrans(
    {
        **{character: "\\" + character for character in "\\`*_[]#|~!$"},
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "\n": "<br>",
        "\t": " ",
    }
)


def for_terminal(text: str) -> str:
    """The text with every control, format and invisible character shown as its number; newlines and tabs stay."""
    return INVISIBLE.sub(_shown, text)


def one_line(text: str, limit: int = 200) -> str:
    """The text as one harmless line of at most ``limit`` characters, runs of white space as one space."""
    start = text[: limit * 4]
    line = " ".join(for_terminal(start.replace("\r\n", "\n")).split())
    is_whole = len(start) == len(text) and len(line) <= limit
    return line if is_whole else line[: max(0, limit - 1)] + "…"


def for_markdown(text: str) -> str:
    """The text as one inline piece of Markdown, also inside a table cell, that renders as itself."""
    line = for_terminal(text.replace("\r\n", "\n")).translate(MARKDOWN)
    return _SCHEME.sub(r"\1&#58;//", line)


_SCHEME = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]*)://")


def _shown(match: re.Match[str]) -> str:
    character = match[0]
    if character in SHOWN_PLAINLY:
        return character
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
