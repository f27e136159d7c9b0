"""COLD. Masks the secrets that a full-screen program painted piece by piece, before a recording is read or published.

The redactor of the stream sees what is written one after the other. A key that is typed with cursor movements between
its characters, wrapped by the program over two rows, or painted in two halves is one only on the screen: so the
recording is rendered, and every character that painted a secret becomes ``*``.

Bounds: the first ``rendered.RENDERED_MOST`` characters are rendered, for ``SECONDS_MOST`` in all; of what is read, up
to ``shown.READ_MOST``, the text without its escape sequences is searched, too. What was not looked at is said.
Measured: 1.5 to 2.5 MB/s, 0.4 where single characters are painted all over the screen; two to three times as long when
something was found. Not seen: a key that goes on below in a column beside other text, up to seven characters of one
that is typed, and one that is never on the screen as a whole.
"""

import gzip
import json
import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from unicodedata import east_asian_width

from guardrail_proxy.durable import sync_folder
from guardrail_proxy.painted.shown import Shown, read_shown, unpacked_lines, whole_bytes

SECONDS_MOST = 20.0
ROUNDS_MOST = 4
"""In the second round the parts of what the first one found are found; that may bring something else into view."""
MOVES = re.compile(r"(?:\x1b\[|\x9b)[0-9;]*[@-ILMPSTXZ`abdefrsu]|\x1b[78DEMc]|[\x08\x0b\x0c\x84\x85\x8d]|\r(?![\r\n])")
"""What makes the screen another thing than the lines that were written."""


@dataclass(frozen=True, slots=True)
class Painted:
    """What became of a recording."""

    masked: int = 0
    """How many different secrets were masked; private keys count as one."""
    error: str = ""
    """What was not looked at, and why; '' when everything was."""

    @property
    def coverage(self) -> dict[str, str | int | bool]:
        """As a session's coverage says it."""
        return {"painted_masked": self.masked, **({"painted_error": self.error} if self.error else {})}


def mask_painted(recording: Path) -> Painted:
    """Mask what was painted; the file is written again only when something was found. Never raises for what it holds.

    A recording that holds a secret and cannot be written again is removed: a secret is never stored.
    """
    try:
        data = whole_bytes(recording)
        painted, changes = _looked_at(read_shown(data))
    except Exception as fault:  # noqa: BLE001 # what a program wrote must not lose the session; the coverage says it
        return Painted(error=f"not looked at: {type(fault).__name__}: {fault}")
    if not changes:
        return painted
    try:
        _write(recording, data, changes)
    except OSError as fault:
        with suppress(OSError):
            recording.unlink()
        return Painted(0, f"a recording with {painted.masked} painted secrets was removed: {fault.strerror}")
    return painted


def _looked_at(shown: Shown) -> tuple[Painted, dict[int, str]]:
    """What was found, and the new texts of the lines it was in."""
    text = "".join(shown.texts)
    unread = f"{shown.unread} characters after the first {shown.length} were not read" if shown.unread else ""
    if not MOVES.search(text):
        return Painted(error=unread), {}
    count, places, error = _places(shown, text)
    return Painted(count, "; ".join(filter(None, (error, unread)))), shown.changed(_starred(text, places), places)


def _places(shown: Shown, text: str) -> tuple[int, set[int], str]:
    """(how many secrets, the offsets of their characters, what was not looked at)."""
    from guardrail_proxy.painted.rendered import render  # noqa: PLC0415 # pyte is loaded only where a cursor moved
    from guardrail_proxy.painted.stripped import search_stripped  # noqa: PLC0415
    from guardrail_proxy.painted.visible import Finder  # noqa: PLC0415

    finder, until = Finder(), time.monotonic() + SECONDS_MOST
    for _ in range(ROUNDS_MOST):
        before = len(finder.places)
        try:
            error = render(shown, text, finder, until)
        except Exception as fault:  # noqa: BLE001 # what was found before is masked all the same
            error = f"the screen was rendered in part: {type(fault).__name__}: {fault}"
        search_stripped(text, finder)
        if len(finder.places) == before:
            return finder.count, finder.places, error
        text = _starred(text, finder.places)
    return finder.count, finder.places, error or f"after {ROUNDS_MOST} rounds there was still something to mask"


def _starred(text: str, places: set[int]) -> str:
    """The text with stars at some places, as wide as what was there."""
    pieces, after = [], 0
    for at in sorted(places):
        pieces += [text[after:at], "\uff0a" if east_asian_width(text[at]) in "FW" else "*"]
        after = at + 1
    return "".join((*pieces, text[after:]))


def _write(recording: Path, data: bytes, changes: Mapping[int, str]) -> None:
    """Write the recording again with other texts in some lines: all of it or nothing."""
    temporary = recording.with_name(f"{recording.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        with open(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600), "wb") as file:
            with gzip.GzipFile("", "wb", 1, file, 0) as packed:
                for number, line in enumerate(unpacked_lines(data)):
                    packed.write(_with_text(line, changes[number]) if number in changes else line)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, recording)
        sync_folder(recording.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _with_text(line: bytes, text: str) -> bytes:
    """The line of an event with another text; half a surrogate pair stays the escape it was."""
    event = [*json.loads(line)[:2], text]
    try:
        return json.dumps(event, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(event).encode() + b"\n"
