"""COLD. A session that ended before a command was typed is in that command's answer: wait a moment for its finisher."""

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import find_record
from guardrail_proxy.sidecar.turn import hurry
from guardrail_proxy.store.dead import is_dead

MOST_SECONDS = 15.0
"""A finisher gives way to everybody: on a busy machine it is late."""
LOOK_EVERY_S = 0.02
QUEUED_MOST_S = 2.0
"""A session that ended so lately may wait for a finisher that is busy with another one."""


def settle(home: Home, most_seconds: float = MOST_SECONDS) -> None:
    """Return when every session that had ended by now has its record, at the latest after ``most_seconds``.

    Where a finisher died, an ingester is started: it finishes dead sessions.
    """
    stop = time.monotonic() + most_seconds
    waiting = [folder for folder in _folders(home) if has_ended(folder)]
    is_helped = False
    while time.monotonic() < stop:
        waiting = [folder for folder in waiting if _is_unfinished(home, folder)]
        if not waiting:
            return
        if not is_helped and any(not _is_in_the_queue(folder) and is_dead(folder) for folder in waiting):
            is_helped = True
            start_ingester(home)
        hurry(home.root)
        time.sleep(LOOK_EVERY_S)


def start_ingester(home: Home) -> None:
    """Start one, detached; it outlives this command."""
    words = [sys.executable, "-I", "-m", "guardrail_proxy.store.ingest", str(home.root)]
    with suppress(OSError):
        subprocess.Popen(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def has_ended(folder: Path) -> bool:
    """Whether there is an end record, or the process that the start record names is gone."""
    if (folder / "end.json").exists():
        return True
    try:
        pid = int(json.loads((folder / "start.json").read_text("utf-8"))["pid"])
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return False
    return False


def _is_in_the_queue(folder: Path) -> bool:
    try:
        return time.time() - (folder / "end.json").stat().st_mtime < QUEUED_MOST_S
    except OSError:
        return False


def _folders(home: Home) -> list[Path]:
    with suppress(FileNotFoundError):
        return [folder for folder in home.sessions.iterdir() if (folder / "start.json").exists()]
    return []


def _is_unfinished(home: Home, folder: Path) -> bool:
    return (folder / "start.json").exists() and find_record(home.spool, folder.name) is None
