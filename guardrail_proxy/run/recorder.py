"""HOT. Hands a copy of the output to the sidecar, which may be slow, dead or absent: the session never waits for it."""

import gc
import posix
from _signal import SIGKILL
from select import POLLIN, POLLOUT, poll
from time import monotonic_ns

from guardrail_proxy.run.backlog import BYTES_MOST, Backlog
from guardrail_proxy.run.sidecar_process import Link, spawn, unread

RESTARTS_MOST = 5
STARTS_AFTER_NS = 10_000_000
"""So long the CLI has the processor for its own start, where nobody waits for the sidecar."""
STALLED_MS = 2000
"""Longer than that it may start at once too: who does not read now may not read for hours."""
BATCH_BYTES = 1 << 16
"""So much output goes to the sidecar at once while more of it follows without a pause."""


class Recorder:
    """Frames to the sidecar on one pipe, its lines back on another (docs/formats.md).

    ``is_awaited``: somebody waits for what the sidecar finds.
    """

    __slots__ = (
        "backlog",
        "end",
        "env",
        "folder",
        "interpreter",
        "is_awaited",
        "is_full",
        "is_on",
        "lines",
        "link",
        "lock",
        "meta",
        "restarts",
        "start_at_ns",
    )

    def __init__(self, interpreter: bytes, folder: bytes, lock: int, meta: bytes, limit: int = BYTES_MOST) -> None:
        """``limit``: bytes that may wait for the sidecar."""
        self.interpreter, self.folder, self.lock, self.meta = interpreter, folder, lock, meta
        self.env = {k: v for k, v in posix.environ.items() if not k.startswith(b"GUARDRAIL_")}
        self.is_on = bool(interpreter)
        self.is_full = False
        self.is_awaited = True
        self.backlog = Backlog(monotonic_ns(), limit)
        self.link = Link(-1, -1, -1)
        self.restarts = self.start_at_ns = 0
        self.end = self.lines = b""

    @property
    def gap(self) -> int:
        """Output bytes that the sidecar never got."""
        return self.backlog.gap

    def begin(self) -> None:
        """The CLI has been executed: start the sidecar, soon where nobody waits for it.

        Of a CLI that has ended by then it is started when we have left (left_behind.py).
        """
        if self.is_awaited:
            self.start()
        else:
            self.start_at_ns = monotonic_ns() + STARTS_AFTER_NS

    def start(self) -> None:
        """Start the sidecar, once the CLI has been executed; a session goes on without one."""
        self.start_at_ns = 0
        gc.enable()  # the shim keeps it off until nobody waits for us any more
        if self.is_on and self.link.down < 0:
            try:
                self.link = spawn(self.interpreter, self.folder, self.lock, self.env)
            except OSError:
                self._give_up()
                return
            self.backlog.put_first(b"m", self.meta + b"\0restarted=%d" % bool(self.restarts))
            self.pump()

    def due_in_ms(self, *, is_stalled: bool = False) -> "int | None":
        """How long you may wait for anything else before ``do_due``; None where nothing is.

        ``is_stalled``: whoever reads the output does not, so there is little that a sidecar would see.
        """
        if self.start_at_ns:
            return max(STALLED_MS if is_stalled else 0, (self.start_at_ns - monotonic_ns()) // 1_000_000 + 1)
        return 0 if self.backlog.size and self.link.down >= 0 and not self.is_full else None

    def do_due(self) -> None:
        """Nothing else has come meanwhile: start the sidecar when it is time, hand over what waits."""
        if self.start_at_ns and monotonic_ns() >= self.start_at_ns:
            self.start()
        self.pump()

    def output(self, data: bytes) -> None:
        """Bytes that the CLI wrote. They wait for more of them, until ``pump``."""
        if self.is_on:
            self.backlog.output(data)
            if self.backlog.size >= BATCH_BYTES and not self.is_full:
                self.start()
                self.pump()
            if self.link.is_stuck():
                posix.kill(self.link.pid, SIGKILL)
                self._lost()
        else:
            self.backlog.gap += len(data)

    def resized(self, columns: int, rows: int) -> None:
        """The window's new size."""
        if self.is_on:
            self.backlog.put(b"w", b"%dx%d" % (columns, rows))
            self.pump()

    def ended(self, how: bytes) -> None:
        """The child is gone; no more frames follow."""
        self.end = how
        if self.is_on:
            self.start_at_ns = 0
            if self.is_awaited:
                self.start()  # a child that was too fast for us
            self.backlog.say_gap()
            self.backlog.put(b"x", how)
            self.pump()

    def wanted(self) -> "dict[int, int]":
        """What to poll for: lines of the sidecar, and room while frames wait."""
        if self.link.down < 0:
            return {}
        wanted = {self.link.up: POLLIN}
        if self.is_full:
            wanted[self.link.down] = POLLOUT
        return wanted

    def handle(self, fd: int) -> None:
        """What poll said of one of ``wanted``."""
        if fd == self.link.up:
            self.listen()
        elif fd == self.link.down:
            self.pump()

    def pump(self) -> None:
        """Write what the pipe takes now."""
        self.backlog.seal()
        self.is_full = False
        while self.backlog.frames and self.link.down >= 0 and not self.is_full:
            try:
                count = posix.write(self.link.down, self.backlog.frames[0][0])
            except BlockingIOError:
                self.is_full = True
            except OSError:
                self._lost()
                return
            else:
                self.link.written += count
                self.is_full = not self.backlog.written(count)

    def listen(self) -> None:
        """Take the lines that have come; a sidecar that is gone before its time is replaced."""
        try:
            data = posix.read(self.link.up, 65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self.lines += data
        if not data and self.decision() is None:
            self._lost()

    def _lost(self) -> None:
        """The sidecar died: what waited is a gap, another one goes on."""
        self.backlog.drop(unread(self.link.down))
        self.link.close()
        self.is_full = False
        self.restarts += 1
        if self.restarts > RESTARTS_MOST:
            self._give_up()
            return
        self.backlog.say_gap()
        if self.end:
            self.backlog.put(b"x", self.end)
        self.start()

    def _give_up(self) -> None:
        self.is_on = False
        self.link.close()
        self.backlog.drop(0)

    def last_note(self) -> str:
        """The newest ``note`` that has come; '' when none has."""
        if self.link.up >= 0:
            try:
                self.lines += posix.read(self.link.up, 65536)
            except OSError:
                pass  # none now
        notes = [line[5:] for line in self.lines.split(b"\n")[:-1] if line.startswith(b"note ")]
        return notes[-1].decode("utf-8", "replace") if notes else ""

    def decision(self) -> "str | None":
        """'' when approved, the reason when blocked, None when nothing was said yet."""
        for line in self.lines.split(b"\n")[:-1]:
            if line == b"verdict approved":
                return ""
            if line.startswith(b"verdict blocked"):
                return line[16:].decode("utf-8", "replace") or "no reason given"
        return None

    def verdict(self, seconds: float) -> str:
        """Wait for the verdict: '' when approved, else the reason."""
        end = monotonic_ns() + int(seconds * 1e9)
        while self.is_on:
            decision = self.decision()
            if decision is not None:
                return decision
            left_ms = (end - monotonic_ns()) // 1_000_000
            if left_ms <= 0:
                return "no verdict within %g s" % seconds
            wait = poll()
            for fd, what in self.wanted().items():
                wait.register(fd, what)
            for fd, _ in wait.poll(left_ms):
                self.handle(fd)
        return "the judge is gone"
