"""COLD. Sessions whose processes are gone before their record was written: run their finisher."""

import fcntl
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from guardrail_proxy.home import Home
from guardrail_proxy.store.journal import note

MADE_UP = "demo-"
"""What the folders of demo data begin with: no session's id does."""
MOST_SECONDS_EACH = 120.0
MOST_SECONDS_ALL = 240.0


def finish_dead(home: Home) -> None:
    """Finish every dead session; one that cannot be finished stops nobody. The finisher itself counts its tries."""
    stop = time.monotonic() + MOST_SECONDS_ALL
    for folder in dead_sessions(home):
        if time.monotonic() > stop:
            return
        words = [sys.executable, "-I", "-m", "guardrail_proxy.finish", str(folder)]
        try:
            done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=MOST_SECONDS_EACH)  # noqa: PLW1510 # judged below
        except subprocess.TimeoutExpired:
            note(home, "finisher timed out", session=folder.name)
            continue
        if done.returncode:
            note(home, "finisher failed", session=folder.name, said=done.stderr.decode("utf-8", "replace")[-2000:])


def dead_sessions(home: Home) -> list[Path]:
    """Folders of sessions that nobody works on: their start record's lock is free."""
    with suppress(FileNotFoundError):
        real = (folder for folder in sorted(home.sessions.iterdir()) if not folder.name.startswith(MADE_UP))
        return [folder for folder in real if is_dead(folder)]
    return []


def is_dead(folder: Path) -> bool:
    """Whether there is a start record and nobody holds its lock."""
    try:
        handle = os.open(folder / "start.json", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
