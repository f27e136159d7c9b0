"""COLD. The logs for people: every line of every log, oldest first, made harmless; and what is added meanwhile."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from guardrail_proxy.escape import one_line

LEVELS = ("debug", "info", "warning", "error", "critical")
OWN = ("timestamp", "level", "event")
LONGEST_VALUE = 300


@dataclass(frozen=True, slots=True, order=True)
class LogLine:
    """One line of a log."""

    timestamp: str
    name: str
    level: str
    text: str

    @property
    def shown(self) -> str:
        """For a terminal."""
        return f"{one_line(self.timestamp, 30)} {self.level:<8} {one_line(self.name, 40)}: {self.text}"


class Tail:
    """Reads the logs of a folder from their beginning, then what is added, across rotations."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self._open: dict[Path, BinaryIO] = {}
        self._rest: dict[Path, bytes] = {}

    def read(self, level: str = "debug") -> list[LogLine]:
        """The lines that came since the last time, at least of that level, by time."""
        lines = (line for path in sorted(self.logs.glob("*.jsonl")) for line in self._new_lines(path))
        least = LEVELS.index(level)
        return sorted(line for line in lines if LEVELS.index(line.level) >= least)

    def close(self) -> None:
        """Close every log."""
        for file in self._open.values():
            file.close()
        self._open.clear()

    def _new_lines(self, path: Path) -> Iterator[LogLine]:
        """What is left of the file that was open under this name, then the one that took its place."""
        file = self._open.get(path)
        if file is not None:
            yield from self._lines(path, file)
            if _is_same(path, file):
                return
            file.close()
            self._rest.pop(path, None)
        try:
            self._open[path] = path.open("rb")
        except FileNotFoundError:
            self._open.pop(path, None)
            return
        yield from self._lines(path, self._open[path])

    def _lines(self, path: Path, file: BinaryIO) -> Iterator[LogLine]:
        whole, _, rest = (self._rest.get(path, b"") + file.read()).rpartition(b"\n")
        self._rest[path] = rest
        yield from (parsed(path.stem, line) for line in whole.splitlines() if line)


def parsed(name: str, line: bytes) -> LogLine:
    """A line as it is shown; what is no log line of ours is shown as a warning."""
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    if not isinstance(entry, dict):
        return LogLine("", name, "warning", one_line(line.decode("utf-8", "replace"), LONGEST_VALUE))
    level = str(entry.get("level"))
    facts = (f"{one_line(key, 40)}={_value(value)}" for key, value in entry.items() if key not in OWN)
    text = " ".join((one_line(str(entry.get("event", "")), LONGEST_VALUE), *facts))
    return LogLine(str(entry.get("timestamp", "")), name, level if level in LEVELS else "warning", text)


def _value(value: object) -> str:
    return one_line(value if isinstance(value, str) else json.dumps(value), LONGEST_VALUE)


def _is_same(path: Path, file: BinaryIO) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except OSError:
        return False
