"""HOT. Starts the session's second process, detached, with the three descriptors that docs/formats.md promises it."""

import fcntl
import posix
import sys
from time import monotonic_ns

from guardrail_proxy.run import tty
from guardrail_proxy.run.descriptors import new_pipe, widen

STUCK_NS = 20_000_000_000
"""A sidecar that reads nothing for so long is no slow one."""


class Link:
    """Our ends: frames go ``down``, lines come ``up``; -1 when there is no sidecar."""

    __slots__ = ("down", "looked_ns", "pid", "taken", "up", "written")

    def __init__(self, down: int, up: int, pid: int) -> None:
        self.down, self.up, self.pid = down, up, pid
        self.written = self.taken = 0
        self.looked_ns = monotonic_ns()

    def is_stuck(self) -> bool:
        """Whether a sidecar hangs or was stopped: it took nothing of what waits since this was looked at.

        Ask when there is output for it, so that no timer ever wakes us.
        """
        if self.down < 0 or monotonic_ns() - self.looked_ns < STUCK_NS:
            return False
        waits = unread(self.down)
        before, self.taken, self.looked_ns = self.taken, self.written - waits, monotonic_ns()
        return waits > 0 and self.taken == before

    def close(self) -> None:
        """No more frames, no more lines; a sidecar that is gone is reaped."""
        for fd in (self.down, self.up):
            if fd >= 0:
                posix.close(fd)
        if self.pid > 0:
            try:
                posix.waitpid(self.pid, posix.WNOHANG)
            except OSError:
                pass  # SIGCHLD was ignored
        self.down = self.up = self.pid = -1


def spawn(interpreter: bytes, folder: bytes, lock: int, env: "dict[bytes, bytes]") -> Link:
    """Start a sidecar for the session in ``folder``. Raises OSError."""
    down_read, down = new_pipe()
    up, up_write = new_pipe()
    link = Link(down, up, -1)
    posix.set_blocking(down, False)
    posix.set_blocking(up, False)
    widen(down)
    actions: "list[tuple[int, int, bytes, int, int] | tuple[int, int, int]]" = []
    actions += [(posix.POSIX_SPAWN_OPEN, fd, b"/dev/null", posix.O_RDWR, 0) for fd in (0, 1, 2)]
    actions += [(posix.POSIX_SPAWN_DUP2, fd, to) for fd, to in ((down_read, 3), (up_write, 4), (lock, 5))]
    argv = [interpreter, b"-I", b"-m", b"guardrail_proxy.sidecar", folder]
    try:
        link.pid = posix.posix_spawn(interpreter, argv, env, file_actions=actions, setsid=True, setsigmask=())
    except OSError:
        link.close()
        raise
    finally:
        posix.close(down_read)
        posix.close(up_write)
    return link


def unread(pipe: int) -> int:
    """Bytes in the pipe that its reader never took."""
    try:
        return int.from_bytes(fcntl.ioctl(pipe, tty.FIONREAD, b"\0" * 4), sys.byteorder)
    except OSError:
        return 0
