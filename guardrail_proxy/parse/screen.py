"""WARM. The text of a recording: stripped bytes of a plain stream, or the rows of a rendered screen."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from guardrail_proxy.parse.lines import read_packed_lines

ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]{0,8192}(?:\x07|\x1b\\)|\x1b[P_^X][^\x1b]{0,8192}\x1b\\|\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[ -/]*[0-~]"
)
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
DECORATION = re.compile(r"[\u2500-\u259f\u2800-\u28ff]+")


@dataclass(frozen=True, slots=True)
class Screen:
    """What a recording showed."""

    text: str = ""
    is_whole: bool = True
    """False when the recording is cut or could not be read."""


def read_screen(path: Path | None) -> Screen:
    """The output of a recording without escape sequences."""
    if path is None:
        return Screen()
    lines, is_whole = read_packed_lines(path)
    raw = "".join(_output(line) for line in lines[1:])
    return Screen(plain(raw), is_whole)


def _output(line: bytes) -> str:
    try:
        value = json.loads(line)
    except ValueError:
        return ""
    is_output = isinstance(value, list) and len(value) == 3 and value[1] == "o" and isinstance(value[2], str)
    return str(value[2]) if is_output else ""


def plain(raw: str) -> str:
    """Text without escape sequences and controls; a lone carriage return begins a new line."""
    text = ESCAPES.sub("", raw).replace("\r\n", "\n").replace("\r", "\n")
    return UNSEEN.sub("", text)


def unseen_lines(screen: str, known: str) -> str:
    """The screen's lines that are in no other source, each once, without frames and spinners."""
    known = _squeezed(known)
    told: set[str] = set()
    kept: list[str] = []
    for line in screen.splitlines():
        key = _squeezed(line)
        if len(key) > 3 and key not in told and key not in known:
            told.add(key)
            kept.append(DECORATION.sub(" ", line).strip())
    return "\n".join(kept)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", DECORATION.sub("", text))
