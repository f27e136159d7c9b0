"""A program on a terminal of its own, as a shell would start it: what it shows, how it ends, what it leaves behind."""

import fcntl
import os
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

SECONDS = 60.0


class TerminalRun:
    """A process that leads a session on a fresh terminal; the test holds the other side."""

    def __init__(
        self,
        argv: Sequence[str | bytes],
        env: Mapping[str, str],
        *,
        size: tuple[int, int, int, int] = (24, 80, 640, 480),
        closed: Sequence[int] = (),
    ) -> None:
        """``size``: rows, columns, and both in pixels. ``closed``: of 0, 1 and 2, what the program does not get."""
        self.out = b""
        self.master, self.slave = os.openpty()
        self.resize(*size)
        self.before = termios.tcgetattr(self.slave)
        self.pid = os.fork()
        if not self.pid:
            self._become(argv, env, closed)

    def _become(self, argv: Sequence[str | bytes], env: Mapping[str, str], closed: Sequence[int]) -> None:
        try:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for fd in (0, 1, 2):
                os.dup2(self.slave, fd)
            for fd in (*closed, *range(3, 64)):
                with suppress(OSError):
                    os.close(fd)
            for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            os.execve(argv[0], list(argv), dict(env))
        finally:
            os._exit(126)

    def resize(self, rows: int, columns: int, width: int = 0, height: int = 0) -> None:
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, width, height))

    def send(self, keys: bytes) -> "TerminalRun":
        """Type; what comes meanwhile is read, so that neither side blocks the other."""
        os.set_blocking(self.master, False)
        while keys:
            ready = select.select([self.master], [self.master], [], SECONDS)
            if ready[0]:
                self.out += os.read(self.master, 65536)
            if ready[1]:
                keys = keys[os.write(self.master, keys[:4096]) :]
        return self

    def until(self, token: bytes, count: int = 1) -> "TerminalRun":
        """Read until it was shown so many times."""
        end = time.monotonic() + SECONDS
        while self.out.count(token) < count:
            assert time.monotonic() < end, (token, self.out[-500:])
            self._read(0.2)
        return self

    def _read(self, seconds: float) -> bool:
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        self.out += os.read(self.master, 65536)
        return True

    def wait(self) -> int:
        """Its wait status; all that it showed is in ``out``."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            self._read(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.pid = 0
                while self._read(0):
                    pass
                return status
        raise AssertionError(f"did not end: {self.out[-500:]!r}")

    def modes(self) -> list[object]:
        """The terminal's modes now."""
        return termios.tcgetattr(self.slave)

    def close(self) -> None:
        if self.pid:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.master)
        os.close(self.slave)
