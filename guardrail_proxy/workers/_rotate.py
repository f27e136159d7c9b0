"""COLD. Logs that grew too long get a number: ``workers.jsonl`` -> ``workers.jsonl.1``; the oldest go."""

import os
from pathlib import Path

LARGEST_BYTES = 5 << 20
KEPT = 5


def rotate(logs: Path) -> int:
    """Rotate every log that is over its size; return how many. Whoever writes opens the file for each line."""
    grown = [path for path in sorted(logs.glob("*.jsonl")) if path.stat().st_size > LARGEST_BYTES]
    for path in grown:
        _numbered(path, KEPT).unlink(missing_ok=True)
        for number in range(KEPT - 1, 0, -1):
            if _numbered(path, number).exists():
                os.replace(_numbered(path, number), _numbered(path, number + 1))
        os.replace(path, _numbered(path, 1))
    return len(grown)


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")
