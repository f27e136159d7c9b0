"""COLD. When a worker last ran and when it is due: a small file of its own, so cheap to read that a finisher does.

Times are seconds since 1970, so no change of the local time moves them; a clock that was put back makes a worker due.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from guardrail_proxy.discover import member_files, member_id
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import make_private

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What is known of a worker's runs, whoever ran it."""

    runs: int = 0
    failures: int = 0
    """How many failed since the last one that did not."""
    started_at: float = 0.0
    duration_ms: float = 0.0
    next_at: float = 0.0
    error: str = ""
    """Why the last run failed; "" when it did not."""
    said: str = ""
    """What the last run that did not fail did, in one line."""

    def is_due(self, now: float) -> bool:
        """Whether it should run now: it never ran, its time has come, or the clock was put back."""
        return not self.started_at <= now < self.next_at

    def encoded(self) -> bytes:
        """As it is stored."""
        return json.dumps({"version": 1, **asdict(self)}).encode()


def record_path(home: Home, name: str) -> Path:
    """The file."""
    return home.data / "workers" / f"{name}.json"


def read_record(home: Home, name: str) -> RunRecord:
    """The worker's record; that of one that never ran where there is none, or a torn one."""
    try:
        found = json.loads(record_path(home, name).read_bytes())
        return RunRecord(
            runs=int(found["runs"]),
            failures=int(found["failures"]),
            started_at=float(found["started_at"]),
            duration_ms=float(found["duration_ms"]),
            next_at=float(found["next_at"]),
            error=str(found["error"]),
            said=str(found["said"]),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return RunRecord()


def is_any_due(home: Home) -> bool:
    """Whether a worker should run now."""
    now = time.time()
    return any(read_record(home, name).is_due(now) for name in worker_names())


def take_turn(home: Home) -> int | None:
    """A descriptor that holds the turn to run what is due, for who runs it to inherit; None when another one has it.

    Sessions that end together start one process, not one each.
    """
    folder = home.data / "workers"
    try:
        make_private(folder)
        handle = os.open(folder / "due.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


@contextmanager
def nothing_due(home: Home) -> Iterator[None]:
    """Wait for what runs after a session, and let nothing of it begin meanwhile."""
    try:
        handle = os.open(home.data / "workers" / "due.lock", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def worker_names() -> list[str]:
    """Every worker, by file name; nothing is imported."""
    return sorted(member_id(FOLDER, path) for path in member_files(FOLDER))
