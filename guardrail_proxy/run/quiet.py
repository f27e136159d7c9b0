"""HOT. Work that nobody waits for lets the calls go first that follow each other at once."""

import posix
from select import poll
from time import monotonic_ns, time_ns

QUIET_NS = 300_000_000
"""No session has begun or been finished for so long: the burst is over."""
MOST_NS = 5_000_000_000
LOOK_MS = 20


def wait_for_quiet(sessions: bytes, since_ns: int) -> None:
    """Wait for the end of a burst; not for long since then, and not when somebody hurries us.

    ``sessions``: the folder of the sessions' folders, whose time tells. ``since_ns``: of the monotonic clock.
    Who wants to see what a session was touches ``finisher.lock`` beside it.
    """
    lock = sessions.rpartition(b"/")[0] + b"/finisher.lock"
    said = changed_ns(lock)
    while changed_ns(lock) == said and monotonic_ns() - since_ns < MOST_NS:
        if not 0 <= time_ns() - changed_ns(sessions) < QUIET_NS:
            return
        poll().poll(LOOK_MS)


def changed_ns(path: bytes) -> int:
    """The time of a file or folder; 0 where there is none."""
    try:
        return posix.stat(path).st_mtime_ns
    except OSError:
        return 0
