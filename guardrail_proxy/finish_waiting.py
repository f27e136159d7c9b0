"""COLD. Finishes the sessions that have ended and that nobody waits for, one after the other, its own among them."""

import fcntl
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from guardrail_proxy.finish import finish, stale_plans
from guardrail_proxy.hand_on import hand_on
from guardrail_proxy.home import Home
from guardrail_proxy.json_file import read_json
from guardrail_proxy.session_folder import home_of
from guardrail_proxy.sidecar.turn import AT_WORK, nobody_waits, say_at_work, take_turn

LETS_GO_IN_S = 5.0
"""A session that has ended is its relay's and its sidecar's for another moment."""
LOOKS_MOST = 4
"""So often it is looked at, as git may still tell its sidecar what has changed; after that it is the ingester's."""
LOOK_EVERY_S = 0.01


def finish_waiting(folder: str, lock: int, turn: int) -> None:
    """Finish this session, then every other one until there is none, then hand on to the workers.

    ``lock`` of this session and ``turn`` are given back. Where ``turn`` is none, because its holder may hang, only
    this session is finished. One that cannot be finished stops no other: the ingester tries it again.
    """
    own = Path(folder)
    home, seen = home_of(own), {own}
    stale, looks = _finish(own), Counter[Path]()
    os.close(lock)
    while turn >= 0:
        for one in waiting(home, seen):
            say_at_work(turn)
            looks[one] += 1
            found = _finish_another(one, LETS_GO_IN_S if looks[one] == 1 else LOOK_EVERY_S)
            if found is not None or looks[one] == LOOKS_MOST:
                seen.add(one)
            stale |= found or set()
        os.close(turn)  # who ends from here on finds it free; who found it taken just now is looked for once more
        turn = take_turn(home.root) if any(True for _ in waiting(home, seen)) else AT_WORK
    hand_on(home, stale)


def waiting(home: Home, seen: set[Path]) -> Iterator[Path]:
    """Folders of sessions with an end record that nobody waits for, but those seen; the oldest first."""
    with suppress(FileNotFoundError):
        for folder in sorted(home.sessions.iterdir()):
            if folder not in seen and (folder / "end.json").exists() and nobody_waits(read_json(folder / "start.json")):
                yield folder


def _finish_another(folder: Path, seconds: float) -> set[str] | None:
    """Finish a session once its relay and its sidecar have let go of it; None when they do not."""
    try:
        lock = os.open(folder / "start.json", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return set()
    try:
        if not _is_ours(lock, seconds):
            return None
        return _finish(folder, was_left=True) if (folder / "start.json").exists() else set()
    finally:
        os.close(lock)


def _finish(folder: Path, *, was_left: bool = False) -> set[str]:
    """Finish a session; the CLI whose plan it found stale."""
    try:
        session = finish(folder, was_left=was_left)
    except Exception:  # noqa: BLE001 # whatever this session does to us: the others must not pay for it
        return set()
    return stale_plans(session) if session else set()


def _is_ours(lock: int, seconds: float) -> bool:
    """Wait so long for the lock."""
    stop = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > stop:
                return False
            time.sleep(LOOK_EVERY_S)
        else:
            return True
