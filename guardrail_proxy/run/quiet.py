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
    Who wants to see what a session was gives ``finisher.lock`` beside it a new access time.
    """
    lock = sessions.rpartition(b"/")[0] + b"/finisher.lock"
    asked_ns = times_ns(lock)[0]
    while times_ns(lock)[0] == asked_ns and monotonic_ns() - since_ns < MOST_NS:
        if not 0 <= time_ns() - times_ns(sessions)[1] < QUIET_NS:
            return
        poll().poll(LOOK_MS)


def times_ns(path: bytes) -> "tuple[int, int]":
    """When a file or folder was read and changed; zeros where there is none."""
    try:
        found = posix.stat(path)
    except OSError:
        return 0, 0
    return found.st_atime_ns, found.st_mtime_ns
