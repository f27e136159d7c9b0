"""WARM. Picks the transcript of a session by time, where no hook named it."""

from collections.abc import Iterable
from pathlib import Path

from guardrail_proxy.session import Capture

SLACK_S = 2.0
"""File systems and CLIs round their clocks differently."""


def newest(files: Iterable[Path], capture: Capture) -> Path | None:
    """The file written last among those touched while the session ran; None when there is none."""
    found = written_during(files, capture)
    return max(found, key=written_at) if found else None


def written_during(files: Iterable[Path], capture: Capture) -> list[Path]:
    """The files that were written last while the session ran."""
    latest = float("inf") if capture.ended is None else capture.ended + SLACK_S
    return [path for path in files if capture.started - SLACK_S <= written_at(path) <= latest]


def written_at(path: Path) -> float:
    """When the file was written last; 0 when it is gone."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
