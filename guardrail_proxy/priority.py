"""WARM. Giving way: what nobody waits for runs after what somebody does."""

import os

GROUP = "/proc/self/autogroup"
"""Linux shares the processor between sessions first (sched(7), "The autogroup feature"): niceness counts within one."""


def stay_gentle() -> None:
    """In a new session: whoever was started to give way to everybody does so as a session too."""
    if os.nice(0) > 0:
        give_way(0)


def give_way(nice: int) -> None:
    """Be nicer by so much than now, and have this process's own session be as nice.

    A session that we start is none of ours: what leads it calls this again, with 0 to keep what it inherited.
    """
    now = os.nice(nice)
    try:
        handle = os.open(GROUP, os.O_WRONLY | os.O_CLOEXEC)
        try:
            os.write(handle, b"%d" % now)
        finally:
            os.close(handle)
    except OSError:
        return  # another system, or too many asked at once: the kernel takes ten a second from ordinary users
