"""WARM. Reads files of one JSON object a line, within bounds, skipping what is broken."""

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from guardrail_proxy.parse.shape import JsonObject

FILE_LIMIT_BYTES = 200_000_000
LINE_LIMIT_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Lines:
    """The objects of a file in order."""

    objects: tuple[JsonObject, ...] = ()
    broken: int = 0
    """Lines that are no JSON object, or too long."""
    is_whole: bool = True
    """False when the file is over the limit, ends in the middle of its compression, or could not be read."""


def read_objects(path: Path) -> Lines:
    """Every JSON object of a file, one a line; a file that cannot be read has none."""
    try:
        with path.open("rb") as file:
            return _collect(file)
    except OSError:
        return Lines(is_whole=False)


def text_objects(text: str) -> Lines:
    """Every JSON object of a text, one a line, or a list of them in a line."""
    found: list[object] = []
    for line in text.split("\n"):  # JSON may hold every other end of a line as it is
        if line.strip():
            value = _value(line.encode("utf-8", "replace"))
            found += value if isinstance(value, list) else [value]
    objects = tuple(value for value in found if isinstance(value, dict))
    return Lines(objects, broken=len(found) - len(objects))


def read_packed_lines(path: Path) -> tuple[list[bytes], bool]:
    """The lines of a gzip file, and whether it was whole; a cut file gives what can be had."""
    lines: list[bytes] = []
    try:
        with gzip.open(path, "rb") as file:
            size = 0
            while size < FILE_LIMIT_BYTES and (line := file.readline(LINE_LIMIT_BYTES)):
                size += len(line)
                lines.append(line)
            return lines, size < FILE_LIMIT_BYTES
    except (OSError, EOFError, zlib.error):
        return lines, False


def _collect(file: IO[bytes]) -> Lines:
    objects: list[JsonObject] = []
    broken = size = 0
    while size < FILE_LIMIT_BYTES and (line := file.readline(LINE_LIMIT_BYTES)):
        size += len(line)
        if not line.strip():
            continue
        value = _object(line)
        if value is None:
            broken += 1
        else:
            objects.append(value)
    return Lines(tuple(objects), broken, size < FILE_LIMIT_BYTES)


def _object(line: bytes) -> JsonObject | None:
    value = _value(line)
    return value if isinstance(value, dict) else None


def _value(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None
