"""COLD. Rows as a table, JSON or CSV. Text of a session is data: whatever could move the terminal is escaped."""

import csv
import io
import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import accumulate

from guardrail_proxy.escape import for_terminal, one_line

WIDEST_CELL = 100
DRAWING = ("explain_key", "explain_value")
MOST = 1_000_000
"""What --limit may be."""
DECIMALS = 6


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """An aligned table: a header, a rule, a line a row. A query plan is a drawing already."""
    if tuple(columns) == DRAWING:
        return "\n".join(for_terminal(str(row[1])) for row in rows)
    cells = [[one_line(name, WIDEST_CELL) for name in columns]]
    cells += [[one_line(plain(value), WIDEST_CELL) for value in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    cells.insert(1, ["─" * size for size in widths])
    lines = ("  ".join(_padded(cell, size) for cell, size in zip(row, widths, strict=True)) for row in cells)
    return "\n".join(line.rstrip() for line in lines)


def shown(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table; on a terminal that is too narrow for it, a block of lines a row."""
    text, room = table(columns, rows), terminal_columns()
    is_wide = room and max(map(width, text.split("\n"))) > room
    return _blocks(columns, rows) if is_wide and rows and tuple(columns) != DRAWING else text


def _blocks(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    names = [one_line(name, WIDEST_CELL) for name in columns]
    size = max(map(width, names))
    heads = [_padded(name, size) for name in names]
    cells = ([one_line(plain(value), WIDEST_CELL) for value in row] for row in rows)
    return "\n\n".join("\n".join(map("  ".join, zip(heads, row, strict=True))) for row in cells)


def cut(text: str, room: int) -> str:
    """Each line cut to so many columns, 0 for any."""
    return "\n".join(_cut_line(line, room) if room else line for line in text.split("\n"))


def _cut_line(line: str, room: int) -> str:
    if width(line) <= room:
        return line
    ends = accumulate(map(_columns, line))
    return line[: sum(1 for end in ends if end < room)] + "…"


def wrapped(lines: Iterable[str], room: int) -> str:
    """Lines, those that are wider than so many columns (0: any) broken at spaces and indented by two more."""
    return "\n".join(part for line in lines for part in (_broken(line, room) if 0 < room < width(line) else [line]))


def _broken(line: str, room: int) -> Iterator[str]:
    words = line.lstrip(" ").split(" ")
    part = line[: len(line) - len(line.lstrip(" "))]
    hanging, is_new = f"{part}  " if len(part) + 2 < room // 2 else "", True
    for word in words:
        rest = word if is_new else f" {word}"
        if width(part + rest) > room and not is_new:
            yield part.rstrip(" ")
            part, rest = hanging, word
        while width(part + rest) > room:  # a path or an id alone is too wide
            fits = sum(1 for end in accumulate(map(_columns, rest)) if end <= room - width(part)) or 1
            yield part + rest[:fits]
            part, rest = hanging, rest[fits:]
        part, is_new = part + rest, False
    yield part


def terminal_columns() -> int:
    """The terminal's width; 0 where stdout is none."""
    return shutil.get_terminal_size().columns if sys.stdout is not None and sys.stdout.isatty() else 0


def as_json(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A list of objects, a line each, in ASCII."""
    lines = (json.dumps(dict(zip(columns, map(json_value, row), strict=True))) for row in rows)
    return "[" + ",\n ".join(lines) + "]"


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Comma-separated values with a header; control characters are escaped here too."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(for_terminal(name) for name in columns)
    writer.writerows([for_terminal("" if value is None else plain(value)) for value in row] for row in rows)
    return out.getvalue().rstrip("\n")


def json_value(value: object) -> object:
    """The value as JSON has it: times in ISO format, everything unknown as text."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case list() | tuple():
            return [json_value(item) for item in value]
        case dict():
            return {str(key): json_value(item) for key, item in value.items()}
        case _:
            return plain(value)


def plain(value: object) -> str:
    """The value as one text; not escaped yet."""
    match value:
        case None:
            return "-"
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.{DECIMALS}g}" if abs(value) < 1e6 else f"{value:.0f}"
        case datetime() | date():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case bytes():
            return value.hex()
        case list() | tuple() | dict():
            return json.dumps(json_value(value), ensure_ascii=False)
        case _:
            return str(value)


def local_time(value: object) -> str:
    """A time of the store (UTC) as the clock on the wall shows it."""
    if not isinstance(value, datetime):
        return "-"
    return value.replace(tzinfo=UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def width(text: str) -> int:
    """Columns that a terminal needs for the text."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _padded(cell: str, size: int) -> str:
    return cell + " " * (size - width(cell))
