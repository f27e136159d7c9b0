"""One call of a peer on a terminal that we are, or between pipes."""

import fcntl
import mmap
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from relaying.peers import Peer
from relaying.place import Place
from relaying.processes import below, kill, quiet, roles, settle

EXECUTED, BEGAN, ENDED = 0, 1, 2
"""Places in the file of times; the last two are the child's (child.c)."""
ROWS, COLUMNS = 40, 120
PATIENCE_S = 10.0
"""So long something may take that is a moment, or nothing come."""


class FailedError(Exception):
    """The peer cannot do it."""


@dataclass(slots=True)
class Call:
    """A peer that runs: ``screen`` is the terminal's own end.

    Once all is over: CPU time of the call, and of what our sidecar did, mostly after it.
    """

    pid: int
    screen: int
    times: mmap.mmap
    is_over: bool = False
    cpu_ms: float = 0.0
    later_ms: float = 0.0

    def note(self, at: int) -> int:
        """A time in ns; 0 when it was not noted."""
        found: int = struct.unpack_from("q", self.times, at * 8)[0]
        return found

    def read(self, seconds: float = PATIENCE_S) -> bytes:
        """What it shows next; b'' when it has gone. Raises FailedError when nothing comes."""
        if not select.select([self.screen], [], [], seconds)[0]:
            raise FailedError("nothing is shown any more")
        try:
            return os.read(self.screen, 1 << 16)
        except OSError:
            return b""  # EIO: nobody has the terminal any more

    def expect(self, word: bytes) -> None:
        """Read until it shows this. Raises FailedError."""
        seen = b""
        while word not in seen:
            data = self.read()
            if not data:
                raise FailedError(f"ended with {' '.join(seen.decode(errors='replace').split())[-160:]!r}")
            seen += data

    def settle(self, place: Place) -> dict[str, list[int]]:
        """Wait until the child is ready and the wrapper's processes, which it returns, have nothing to do."""
        self.expect(b"READY\r\n")
        before: dict[str, list[int]] = {}
        while before != (found := roles(self.pid, str(place.child))):  # the sidecar starts later than the child
            quiet(found)
            before = found
        return found

    def press(self, keys: bytes) -> None:
        """Type."""
        os.write(self.screen, keys)

    def end(self) -> int:
        """Read what still comes until it ends; when that was, in ns. Raises FailedError."""
        gone, end = os.pidfd_open(self.pid), time.monotonic() + PATIENCE_S
        try:
            while time.monotonic() < end:
                ready = select.select([gone, self.screen], [], [], 1)[0]
                if gone in ready:
                    self.is_over = True
                    return time.monotonic_ns()
                if ready and not self.read():
                    select.select([gone], [], [], PATIENCE_S)
        finally:
            os.close(gone)
        raise FailedError("it does not end")


@contextmanager
def on_terminal(place: Place, peer: Peer, *args: str) -> Iterator[Call]:
    """A call with a terminal of its own; it and all it started is over afterwards."""
    argv = peer.argv(list(args))
    program = shutil.which(argv[0], path=place.env["PATH"]) or argv[0]
    with place.times.open("r+b") as file, mmap.mmap(file.fileno(), 4096) as times:
        times[:24] = bytes(24)
        screen, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        pid = os.fork()
        if not pid:
            execute(place, program, argv, inner, times)
        os.close(inner)
        call = Call(pid, screen, times)
        try:
            yield call
        finally:
            if not call.is_over:
                kill([*below(pid), pid])
            os.close(screen)
            call.cpu_ms, call.later_ms = settle()


def execute(place: Place, program: str, argv: list[str], inner: int, times: mmap.mmap) -> None:
    """In the forked process: become the peer. Does not return."""
    try:
        os.setsid()
        fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(inner, fd)
        os.closerange(3, 1024)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it; a shell does not
        os.chdir(place.work)
        struct.pack_into("q", times, EXECUTED * 8, time.monotonic_ns())
        os.execve(program, argv, place.env)  # noqa: S606 # the benchmark's subject
    finally:
        os._exit(126)


@contextmanager
def between_pipes(place: Place, peer: Peer, stdin: int, *args: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A call whose stdout is a pipe; it and all it started is over afterwards."""
    argv = peer.argv(list(args))
    argv[0] = shutil.which(argv[0], path=place.env["PATH"]) or argv[0]
    call = subprocess.Popen(
        argv,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=place.env,
        cwd=place.work,
        start_new_session=True,
    )
    try:
        yield call
    finally:
        if call.poll() is None:
            kill([*below(call.pid), call.pid])
            call.wait()
        if call.stdout:
            call.stdout.close()
        settle()
