"""WARM. One finisher at a time for sessions that nobody waits for: who ends meanwhile leaves his session to it.

What a finisher loads costs more than what it does: after a burst of sessions it is loaded once, not for each.
"""

import fcntl
import os
import time
from contextlib import suppress

FRESH_S = 30.0
"""A finisher says at each session that it works; one that has said nothing for so long is not waited for."""
AT_WORK, MAY_HANG = -1, -2


def nobody_waits(start: dict[str, object]) -> bool:
    """Whether neither strict's relay nor a caller of the Python API waits for what is found; by the start record."""
    return start.get("mode") == "standard" and start.get("origin") != "api"


def take_turn(home: str | os.PathLike[str]) -> int:
    """A descriptor that holds the turn; ``AT_WORK`` or ``MAY_HANG`` where somebody else has it."""
    try:
        turn = os.open(os.path.join(home, "finisher.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return MAY_HANG
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        age = time.time() - os.fstat(turn).st_mtime
        os.close(turn)
        return AT_WORK if abs(age) < FRESH_S else MAY_HANG
    say_at_work(turn)
    return turn


def hurry(home: str | os.PathLike[str]) -> None:
    """Somebody waits: what rests goes on. When a finisher last said that it works stays as it is."""
    with suppress(OSError):
        lock = os.open(os.path.join(home, "finisher.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.utime(lock, ns=(time.time_ns(), os.fstat(lock).st_mtime_ns))
        os.close(lock)


def say_at_work(turn: int) -> None:
    """Whoever holds the turn begins with a session."""
    os.utime(turn, ns=(os.fstat(turn).st_atime_ns, time.time_ns()))  # the access time says who asked
