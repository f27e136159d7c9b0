"""Both directions over real descriptors, in any order of reads, partial writes, full pipes, hang-ups and ends of file.

A child's terminal is one end of a socket pair here, the user's a pipe that holds a page: whatever the schedule, what
comes out is what went in, in order, and no more than a bound waits in between.
"""

import fcntl
import os
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.run import backlog
from guardrail_proxy.run.keyboard import CHUNK, Keyboard
from guardrail_proxy.run.pump import ROOM
from guardrail_proxy.run.recorder import Recorder
from guardrail_proxy.run.screen import Screen
from guardrail_proxy.run.sidecar_process import Link
from guardrail_proxy.run.terminal import Terminal

PAGE = 4096
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["child writes", "user types"]), st.binary(min_size=1, max_size=9000)),
        st.tuples(
            st.sampled_from(["user reads", "child reads", "sidecar reads"]), st.integers(min_value=1, max_value=9000)
        ),
        st.tuples(st.sampled_from(["raw", "cooked", "sidecar dies"]), st.none()),
    ),
    max_size=60,
)


@dataclass
class Desk:
    """The ends that the relay does not hold, and what came out of them."""

    child: socket.socket
    master: socket.socket
    user: int
    out: int
    typed: int
    keys: int
    frames: int
    written: bytearray = field(default_factory=bytearray)
    shown: bytearray = field(default_factory=bytearray)
    entered: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)

    def close(self) -> None:
        self.child.close()
        self.master.close()
        for fd in (self.user, self.out, self.typed, self.keys, self.frames):
            with suppress(OSError):
                os.close(fd)


def pipe() -> tuple[int, int]:
    """(read end, write end) of a pipe that holds a page and never blocks."""
    ends = os.pipe()
    for fd in ends:
        os.set_blocking(fd, False)
    fcntl.fcntl(ends[1], 1031, PAGE)
    return ends


def taken(fd: int, count: int) -> bytes:
    """What is there, at most so much."""
    try:
        return os.read(fd, count)
    except BlockingIOError:
        return b""


def given_to(fd: int, data: bytes) -> bytes:
    """What of it fitted in."""
    try:
        return data[: os.write(fd, data)]
    except BlockingIOError:
        return b""


class Relayed:
    """Screen, keyboard and recorder as the relay holds them, without its processes."""

    def __init__(self) -> None:
        child, master = socket.socketpair()
        child.setblocking(False)
        master.setblocking(False)
        (user, out), (keys, typed), (frames, down) = pipe(), pipe(), pipe()
        self.desk = Desk(child, master, user, out, typed, keys, frames)
        self.terminal = cast("Terminal", SimpleNamespace(out=out, out_waits=False, input=keys, is_raw=True))
        self.recorder = Recorder(b"/nowhere", b"/nowhere", -1, b"")
        self.recorder.link = Link(down, -1, -1)
        self.screen = Screen(master.fileno(), self.terminal, self.recorder)
        self.keyboard = Keyboard(master.fileno(), self.terminal)
        self.keyboard.is_ours = True

    def turn(self) -> None:
        """What one round of the loop does when everything is ready."""
        if self.screen.queue.waiting:
            self.screen.flush()
        else:
            with suppress(BlockingIOError):
                self.screen.read()
        self.keyboard.flush()
        if self.keyboard.wants_keys():
            self.keyboard.read()
        self.recorder.pump()

    def step(self, what: str, value: object) -> None:
        desk = self.desk
        if what == "child writes" and isinstance(value, bytes):
            desk.written += given_to(desk.child.fileno(), value)
        elif what == "user types" and isinstance(value, bytes):
            desk.entered += given_to(desk.typed, value)
        elif what == "user reads" and isinstance(value, int):
            desk.shown += taken(desk.user, value)
        elif what == "child reads" and isinstance(value, int):
            desk.received += taken(desk.child.fileno(), value)
        elif what == "sidecar reads" and isinstance(value, int):
            with suppress(OSError):
                taken(desk.frames, value)
        elif what == "sidecar dies":
            with suppress(OSError):
                os.close(desk.frames)
        self.turn()

    def settle(self) -> None:
        """Everybody reads until nothing comes any more."""
        before = (-1, -1)
        while before != (len(self.desk.shown), len(self.desk.received)):
            before = (len(self.desk.shown), len(self.desk.received))
            for _ in range(4):
                self.step("user reads", 1 << 20)
                self.step("child reads", 1 << 20)


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_any_schedule_keeps_every_byte_in_order_and_bounds_what_waits(steps: list[tuple[str, object]]) -> None:
    relayed = Relayed()
    desk = relayed.desk
    try:
        for what, value in steps:
            if what not in {"raw", "cooked"}:
                relayed.step(what, value)
            assert len(relayed.screen.queue.waiting) < ROOM + CHUNK
            assert len(relayed.keyboard.queue.waiting) < ROOM + CHUNK
            assert relayed.recorder.backlog.size <= backlog.BYTES_MOST + PAGE
        relayed.settle()
        assert (bytes(desk.shown), bytes(desk.received)) == (bytes(desk.written), bytes(desk.entered))
    finally:
        relayed.recorder.link.close()
        desk.close()


@settings(max_examples=100, deadline=None)
@given(STEPS)
def test_while_the_terminal_is_cooked_line_ends_lose_only_the_return_that_it_adds_itself(
    steps: list[tuple[str, object]],
) -> None:
    relayed = Relayed()
    desk = relayed.desk
    relayed.terminal.is_raw = False
    try:
        for what, value in steps:
            if isinstance(value, bytes):
                value = value.replace(b"a", b"\r\n").replace(b"b", b"\r")  # noqa: PLW2901 # more of what matters here
            relayed.step(what, value)
        relayed.settle()
        shown = bytes(desk.shown) + relayed.screen.line_ends.rest()
        assert shown == bytes(desk.written).replace(b"\r\n", b"\n")
    finally:
        relayed.recorder.link.close()
        desk.close()


@settings(max_examples=50, deadline=None)
@given(STEPS, st.binary(max_size=3000))
def test_what_the_child_wrote_last_is_shown_after_its_end_of_file(steps: list[tuple[str, object]], last: bytes) -> None:
    relayed = Relayed()
    desk = relayed.desk
    try:
        for what, value in steps:
            relayed.step(what, value)
        relayed.settle()
        desk.written += given_to(desk.child.fileno(), last)
        desk.child.shutdown(socket.SHUT_WR)
        relayed.screen.finish()
        desk.shown += taken(desk.user, 1 << 20)
        assert bytes(desk.shown) == bytes(desk.written)
    finally:
        relayed.recorder.link.close()
        desk.close()
