"""COLD. What a process that was killed left half made: nobody else knows of it, so it would stay for ever."""

import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from guardrail_proxy.home import Home

OLD_S = 3600.0
"""Nobody is still at work on what is older."""


def sweep_leftovers(home: Home, now: float) -> int:
    """Remove what is older than an hour; return how many there were."""
    old = [
        path
        for path in (*half_written(home), *_empty_sessions(home), *_half_made_spares(home))
        if now - _changed_at(path) > OLD_S
    ]
    for path in old:
        _remove(path)
    return len(old)


def remove_half_written(home: Home, ids: Collection[str]) -> None:
    """Remove what was half written of these sessions, whatever its age."""
    for path in half_written(home):
        if path.name.lstrip(".").partition(".")[0] in ids:
            _remove(path)


def half_written(home: Home) -> Iterator[Path]:
    """Records and recordings that never got their names."""
    yield from home.spool.glob(".*.tmp")
    yield from home.outputs.glob("*/*.tmp")


def _empty_sessions(home: Home) -> Iterator[Path]:
    """Folders without a start record: the shim was killed before there was one, or the finisher while it removed it."""
    return (folder for folder in home.sessions.glob("*") if not (folder / "start.json").exists())


def _half_made_spares(home: Home) -> Iterator[Path]:
    """The finisher was killed before they had their names."""
    if not home.spare.is_symlink():
        yield from home.spare.glob(".[0-9]*-[0-9]*")


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
