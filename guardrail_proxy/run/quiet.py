"""HOT. Work that nobody waits for lets the calls go first that follow each other at once."""

import posix
from select import poll
from time import monotonic_ns, time_ns

QUIET_NS = 300_000_000
"""No session has begun or been finished for so long: the burst is over."""
MOST_NS = 5_000_000_000
LOOK_MS = 20


class Patience:
    """Waits from when it was made, not for long, and not when somebody hurries us.

    ``sessions``: the folder of the sessions' folders. Who wants to see what a session was gives ``finisher.lock``
    beside it a new access time.
    """

    __slots__ = ("asked_ns", "lock", "sessions", "since_ns")

    def __init__(self, sessions: bytes) -> None:
        self.sessions, self.lock = sessions, sessions.rpartition(b"/")[0] + b"/finisher.lock"
        self.since_ns, self.asked_ns = monotonic_ns(), times_ns(self.lock)[0]

    def lasts(self, most_ns: int) -> bool:
        """Whether it is no longer than that since then, and nobody has asked."""
        asked_ns = times_ns(self.lock)[0]
        self.asked_ns = self.asked_ns or asked_ns  # the first finisher of a home makes it
        return monotonic_ns() - self.since_ns < most_ns and asked_ns == self.asked_ns

    def wait_for_quiet(self) -> None:
        """Wait for the end of a burst: the time of the folder tells when the last session began or was finished."""
        while self.lasts(MOST_NS) and 0 <= time_ns() - times_ns(self.sessions)[1] < QUIET_NS:
            poll().poll(LOOK_MS)


def times_ns(path: bytes) -> "tuple[int, int]":
    """When a file or folder was read and changed; zeros where there is none."""
    try:
        found = posix.stat(path)
    except OSError:
        return 0, 0
    return found.st_atime_ns, found.st_mtime_ns
