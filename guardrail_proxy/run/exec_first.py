"""HOT. The CLI comes first: relay and monitor wait for its exec before they load or do anything else."""

import posix
from select import POLLIN, poll

EXECUTED_IN_MS = 100
"""So long the program's exec is waited for, at most, before anything else of ours runs."""


def wait_for_exec(failure: int) -> None:
    """Let the program be executed first: a forked process is put on its parent's processor, behind its parent.

    ``failure``: the pipe that its exec closes. A loader that takes longer is waited for elsewhere.
    """
    wait = poll()
    wait.register(failure, POLLIN)
    gives_way = set_batch(on=True)  # or we would take the processor from it in the middle of its exec
    wait.poll(EXECUTED_IN_MS)
    if gives_way:
        set_batch(on=False)


def set_batch(*, on: bool) -> bool:
    """Whether this process now takes (or no longer takes) the processor from nobody when it wakes (sched(7))."""
    try:
        was, becomes = posix.SCHED_OTHER, posix.SCHED_BATCH
        if not on:
            was, becomes = becomes, was
        if posix.sched_getscheduler(0) != was:
            return False  # the user's own choice
        posix.sched_setscheduler(0, becomes, posix.sched_param(0))
    except (AttributeError, OSError):
        return False  # macOS, a sandbox
    return True
