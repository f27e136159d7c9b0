"""The relay's own loop in a process, and everybody around it in any order: signals, resizes, bytes, a dying sidecar.

The test is the user, the CLI, the monitor and the sidecar at once. Whatever the schedule: every byte comes through
once and in order, every signal reaches the monitor and none is made up, before the CLI is executed none does, the
last window size is the CLI's, and the loop ends with the status that the monitor reported.
"""

import _signal
import fcntl
import os
import struct
import termios
import time
import tty
from collections.abc import Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from hypothesis import given, settings
from hypothesis import strategies as st
from relay_job import drop_signal_stack

from guardrail_proxy.run import relay as loop
from guardrail_proxy.run.monitor import Pipes
from guardrail_proxy.run.recorder import Recorder
from guardrail_proxy.run.sidecar_process import Link
from guardrail_proxy.run.signals import FORWARDED
from guardrail_proxy.run.terminal import Terminal

if TYPE_CHECKING:
    from guardrail_proxy.run.pty import Begun

SECONDS = 60.0
STATUS = 3 << 8
SIGNALS = sorted({*map(int, FORWARDED), int(_signal.SIGCONT), int(_signal.SIGWINCH)})
BYTES = st.binary(min_size=1, max_size=6000)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["child writes", "user types"]), BYTES),
        st.tuples(st.sampled_from(["user reads", "child reads", "sidecar reads"]), st.integers(1, 9000)),
        st.tuples(st.just("signal"), st.sampled_from(SIGNALS)),
        st.tuples(st.just("resize"), st.tuples(st.integers(1, 200), st.integers(1, 300))),
        st.tuples(st.sampled_from(["executed", "sidecar dies"]), st.none()),
    ),
    max_size=40,
)


def nonblocking(fd: int) -> int:
    os.set_blocking(fd, False)
    return fd


def taken(fd: int, count: int = 1 << 20) -> bytes:
    with suppress(OSError):  # nothing there, or the relay has let go of its terminal
        return os.read(fd, count)
    return b""


def given_to(fd: int, data: bytes) -> bytes:
    with suppress(BlockingIOError):
        return data[: os.write(fd, data)]
    return b""


def size_of(fd: int) -> tuple[int, int]:
    rows, columns = struct.unpack("HH", fcntl.ioctl(fd, termios.TIOCGWINSZ, b"\0" * 8)[:4])
    return rows, columns


def certain(sent: list[int]) -> set[int]:
    """Signals that must arrive: a stop that nobody has taken yet is gone once a SIGCONT is sent (signal(7))."""
    reversed_ones = sent[::-1]
    until = reversed_ones.index(_signal.SIGCONT) if _signal.SIGCONT in sent else len(sent)
    stops = {int(_signal.SIGTSTP)} - set(reversed_ones[:until])
    return {number for number in sent if number in FORWARDED} - stops


class Desk:
    """Everything that the relay is connected to."""

    def __init__(self) -> None:
        self.user, self.outer = os.openpty()
        self.master, self.inner = os.openpty()
        tty.setraw(self.inner)
        self.pipes = Pipes(os.pipe(), os.pipe(), os.pipe())
        self.frames, self.down = os.pipe()
        self.up, self.lines = os.pipe()
        self.result, self.told = os.pipe()
        self.pid = os.fork()
        if not self.pid:
            self._become_relay()
        for fd in (self.outer, self.master, self.pipes.reports, self.pipes.order_to, self.pipes.failure):
            os.close(fd)
        for fd in (self.down, self.up, self.told):
            os.close(fd)
        # a description of our own: that it does not block is nobody else's concern
        self.child = os.open(os.ttyname(self.inner), os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        for fd in (self.user, self.frames, self.pipes.orders):
            nonblocking(fd)
        self.written, self.shown, self.entered, self.received = bytearray(), bytearray(), bytearray(), bytearray()
        self.sent: list[int] = []
        self.orders = b""
        self.is_executed = False
        assert os.read(self.result, 1) == b"r"

    def _become_relay(self) -> None:
        status = -1
        try:
            drop_signal_stack()
            os.setsid()
            fcntl.ioctl(self.outer, termios.TIOCSCTTY, 0)
            for fd in (0, 1, 2):
                os.dup2(self.outer, fd)
            mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, FORWARDED)
            terminal = Terminal(stdin_is_terminal=True)
            terminal.make_raw()
            recorder = Recorder(b"/nonexistent", b"/nonexistent", self.told, b"")
            recorder.link = Link(nonblocking(self.down), nonblocking(self.up), -1)
            begun = SimpleNamespace(terminal=terminal, master=self.master, slave=self.inner, pipes=self.pipes)
            begun.early, begun.in_front, begun.mask = b"", True, mask
            for fd in (self.user, self.outer, self.pipes.orders, self.pipes.report_to, self.pipes.fail_to):
                os.close(fd)
            for fd in (self.frames, self.lines, self.result):
                os.close(fd)
            vars(loop)["close_all_but"] = lambda _: None  # its sidecar's pipes are older than it here
            relay = loop.Relay(recorder, cast("Begun", begun))
            os.write(self.told, b"r")
            status = relay.copy()
        finally:
            os.write(self.told, status.to_bytes(4, "little", signed=True))
            os._exit(0)

    def step(self, what: str, value: object) -> None:
        if what == "child writes" and isinstance(value, bytes):
            self.written += given_to(self.child, value)
        elif what == "user types" and isinstance(value, bytes):
            self.entered += given_to(self.user, value)
        elif what == "signal" and isinstance(value, int):
            os.kill(self.pid, value)
            self.sent.append(value)
        elif what == "resize" and isinstance(value, tuple):
            fcntl.ioctl(self.user, termios.TIOCSWINSZ, struct.pack("HHHH", *value, 0, 0))
        elif what == "executed" and not self.is_executed:
            assert taken(self.pipes.orders) == b"", "an order before there was anybody to get it"
            self.is_executed = True
            os.close(self.pipes.fail_to)
        elif what == "sidecar dies":
            with suppress(OSError):
                os.close(self.frames)
        self.read(what, value)

    def read(self, what: str, value: object) -> None:
        count = value if isinstance(value, int) else 0
        if what == "user reads":
            self.shown += taken(self.user, count)
        elif what == "child reads":
            self.received += taken(self.child, count)
        elif what == "sidecar reads":
            taken(self.frames, count)

    def settle(self, holds: Callable[[], bool]) -> None:
        """Everybody reads until it holds."""
        stop = time.monotonic() + SECONDS
        while not holds():
            assert time.monotonic() < stop, self.state()
            self.shown += taken(self.user)
            self.received += taken(self.child)
            self.orders += taken(self.pipes.orders)
            taken(self.frames)
            time.sleep(0.0005)

    def state(self) -> object:
        lengths = [len(self.written), len(self.shown), len(self.entered), len(self.received)]
        return lengths, self.orders, self.sent, size_of(self.user), size_of(self.inner)

    def close(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        own = [self.user, self.inner, self.child, self.pipes.orders, self.pipes.report_to, self.lines, self.result]
        for fd in [*own, self.frames, *([] if self.is_executed else [self.pipes.fail_to])]:
            with suppress(OSError):
                os.close(fd)


@settings(max_examples=40, deadline=None)
@given(STEPS, st.binary(max_size=2000))
def test_whatever_happens_around_it_the_relay_loses_and_makes_up_nothing(
    steps: list[tuple[str, object]], last: bytes
) -> None:
    desk = Desk()
    try:
        for what, value in steps:
            desk.step(what, value)
        desk.step("executed", None)
        forwarded = certain(desk.sent)
        desk.settle(
            lambda: (
                len(desk.shown) >= len(desk.written)
                and len(desk.received) >= len(desk.entered)
                and forwarded <= set(desk.orders)
                and size_of(desk.inner) == size_of(desk.user)
            )
        )
        desk.written += given_to(desk.child, last)
        os.write(desk.pipes.report_to, STATUS.to_bytes(4, "little"))
        told = nonblocking(desk.result)
        answer = bytearray()

        def has_ended() -> bool:
            answer.extend(taken(told))
            return len(answer) >= 4

        desk.settle(has_ended)
        desk.settle(lambda: len(desk.shown) >= len(desk.written))
        assert int.from_bytes(answer, "little", signed=True) == STATUS
        assert (bytes(desk.shown), bytes(desk.received)) == (bytes(desk.written), bytes(desk.entered))
        numbers = [number for number in desk.orders if number < 32 and number != _signal.SIGWINCH]
        assert all(desk.sent.count(number) >= numbers.count(number) for number in numbers)
    finally:
        desk.close()
