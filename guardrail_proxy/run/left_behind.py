"""HOT. What is left to do when we leave: a detached process hands it to the sidecar, the user need not wait."""

import _signal
import fcntl
import posix
from select import POLLOUT, poll

from guardrail_proxy.run.descriptors import close_all_but
from guardrail_proxy.run.quiet import Patience
from guardrail_proxy.run.recorder import Recorder
from guardrail_proxy.run.signals import forget_all

FLUSH_MOST_MS = 60_000
"""How long it may wait for a sidecar that does not read."""
NICE = 10
TURN_MOST_NS = 30_000_000_000
"""Nobody waits longer for his turn: who has it was stopped, or hangs."""
LOOK_S = 1.0
CROWD = 50
"""So many sessions at once: who adds another one pays for it himself, or what waits would grow without an end."""


def leave_behind(recorder: Recorder) -> None:
    """Leave the frames that a slow sidecar has not taken, or all of them where there was no time to start one."""
    sessions = recorder.folder.rpartition(b"/")[0]
    if recorder.backlog.frames and recorder.link.down < 0 and is_crowded(sessions):
        recorder.start()
    recorder.pump()
    if not recorder.backlog.frames:
        return
    try:
        if posix.fork():
            return
    except OSError:  # no more processes: what can be done is done here
        recorder.start()
        return
    try:
        posix.setsid()
        forget_all()
        posix.chdir(b"/")
        null = posix.open(b"/dev/null", posix.O_RDWR)
        for fd in (0, 1, 2):
            posix.dup2(null, fd)
        close_all_but({0, 1, 2, recorder.lock, recorder.link.down})
        if recorder.link.down < 0:
            posix.nice(NICE)
            patience = Patience(sessions)
            wait_in_turn(patience)
            patience.wait_for_quiet()
            recorder.start()
        hand_over(recorder)
    finally:
        posix._exit(0)


def is_crowded(sessions: bytes) -> bool:
    """Whether too many sessions run or wait already."""
    try:
        return len(posix.listdir(sessions)) > CROWD
    except OSError:
        return True


def wait_in_turn(patience: Patience) -> None:
    """After a burst of calls one sidecar is started after the other: each holds this lock until it is fed."""

    def look(*_: object) -> None:
        if not patience.lasts(TURN_MOST_NS):
            look_every(0)
            raise TimeoutError

    _signal.signal(_signal.SIGALRM, look)
    try:
        look_every(LOOK_S)
        fcntl.flock(posix.open(patience.sessions, posix.O_RDONLY | posix.O_CLOEXEC), fcntl.LOCK_EX)
        look_every(0)
    except OSError:  # its holder hangs, or this file system has no locks
        look_every(0)


def look_every(seconds: float) -> None:
    """Have SIGALRM sent; 0 ends it."""
    _signal.setitimer(_signal.ITIMER_REAL, seconds, seconds)


def hand_over(recorder: Recorder) -> None:
    """Write what waits to the sidecar, while it reads."""
    if recorder.link.down < 0:
        return
    room = poll()
    room.register(recorder.link.down, POLLOUT)
    while recorder.backlog.frames and room.poll(FLUSH_MOST_MS):
        recorder.backlog.written(posix.write(recorder.link.down, recorder.backlog.frames[0][0]))
