"""The relay as a job of a shell, under any schedule of bytes, signals, sizes, stops and deaths around it.

What the relay holds is real: terminals, pipes, signals, a shell that leads its session. The test is everybody around:
the user with his window, the CLI and its monitor, the sidecar. However they take turns, what the user sees is what his
terminal would have shown of the CLI, every key arrives, every signal becomes an order, and no other does.
"""

import os
import signal
import socket
import termios
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from random import Random
from select import POLLIN, poll
from struct import pack
from time import monotonic

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from relay_job import BACK, FRONT, FRONT_UNTOLD, SECONDS, WAIT, start_shell

from guardrail_proxy.run.monitor import BACKGROUND, FOREGROUND, LINGER
from guardrail_proxy.run.signals import FORWARDED
from guardrail_proxy.run.terminal import raw, set_window_size, window_size

pytestmark = pytest.mark.slow
ALL = 1 << 20
TEXT = Random(7).randbytes(ALL).translate(bytes(10 if 97 <= n < 105 else n for n in range(256))).replace(b"~", b"\r\n")
"""What both sides say, from its beginning: no piece of it is like another, and there are many line ends."""
Steps = list[tuple[str, int]]
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["writes", "types", "user_reads", "cli_reads", "sidecar_reads"]),
            st.integers(min_value=1, max_value=20_000),
        ),
        st.tuples(st.just("signals"), st.sampled_from([*FORWARDED, signal.SIGCONT, signal.SIGWINCH])),
        st.tuples(st.just("resizes"), st.integers(min_value=1, max_value=4)),
        st.tuples(st.just("stops"), st.sampled_from([signal.SIGTSTP, signal.SIGSTOP, signal.SIGTTIN, signal.SIGTTOU])),
        st.tuples(
            st.sampled_from(
                ["has_stopped", "to_front", "to_front_untold", "to_back", "executes", "settles", "sidecar_dies"]
            ),
            st.just(0),
        ),
    ),
    max_size=50,
)


def taken(fd: int, most: int) -> bytes:
    """What is there, at most so much."""
    try:
        return os.read(fd, most)
    except OSError:
        return b""


def given_to(fd: int, text: bytes) -> int:
    """How much of it fitted in."""
    try:
        return os.write(fd, text)
    except BlockingIOError:
        return 0


def on_screen(count: int) -> bytes:
    """What the user's terminal shows of so many bytes that the CLI wrote to its own."""
    return TEXT[:count].replace(b"\n", b"\r\n")


class Sidecar:
    """Reads frames, says yes to the last."""

    def __init__(self, frames: int, answers: int) -> None:
        self.frames, self.answers, self.data = frames, answers, b""

    def read(self, most: int) -> None:
        read = taken(self.frames, most)
        self.data += read
        if read and any(kind == b"x" for kind, _ in self.parsed()):
            os.write(self.answers, b"verdict approved\n")

    def parsed(self) -> list[tuple[bytes, bytes]]:
        """Kind and data of each whole frame."""
        found, at = [], 0
        while (end := at + 12 + int.from_bytes(self.data[at + 8 : at + 12], "little")) <= len(self.data):
            found.append((self.data[at : at + 1], self.data[at + 12 : end]))
            at = end
        return found

    def close(self) -> None:
        os.close(self.frames)
        os.close(self.answers)


class Around:
    """Everybody but the relay; what they do next is a method each.

    ``state`` of the shell's job: front, back, stopping (the CLI has stopped, the relay is about to), stopped.
    ``owed``: signals that were sent and have not become an order yet. SIGCONT stands for both orders that it becomes.
    """

    def __init__(self, *, in_front: bool, typed_ahead: int) -> None:
        self.user, terminal = os.openpty()
        os.set_blocking(self.user, False)
        self.modes = raw(termios.tcgetattr(terminal))
        self.modes[1] |= termios.OPOST | termios.ONLCR
        termios.tcsetattr(terminal, termios.TCSANOW, self.modes)
        self.state, self.is_executed, self.stops_by, self.stopped_by, self.status = "back", False, 0, 0, -1
        self.inner = self.orders = self.report_to = self.fail_to = self.relay = -1
        self.sidecar: Sidecar | None = None
        self.deaths = self.written = self.said = self.typed = 0
        self.shown = self.received = self.size = b""
        self.sent, self.ordered, self.owed = Counter[int](), Counter[int](), set[int]()
        if in_front:
            self.state = "front"
        self.resizes(1)
        self.types(typed_ahead)
        self.shell, self.control = start_shell(terminal, in_front=in_front)
        os.close(terminal)
        self.until(lambda: self.relay > 0)

    def close(self) -> None:
        if self.relay > 0 and self.status < 0:
            with suppress(ProcessLookupError):
                os.kill(self.relay, signal.SIGKILL)  # the shell may be waiting for it
        self.control.close()
        os.waitpid(self.shell, 0)
        self.sidecar_dies()
        for fd in (self.user, self.inner, self.orders, self.report_to, self.fail_to):
            if fd >= 0:
                os.close(fd)

    def take(self) -> None:
        """What the relay and its shell say: that never waits."""
        for order in taken(self.orders, ALL):
            number = signal.SIGCONT if bytes((order,)) in {FOREGROUND, BACKGROUND} else order
            self.owed.discard(number)
            self.ordered.update({number, order})
        with suppress(BlockingIOError):
            text, fds, *_ = socket.recv_fds(self.control, ALL, 4)
            self.hear(*text.decode().split(" ", 1), fds=fds)

    def hear(self, word: str, rest: str = "", *, fds: list[int]) -> None:
        if word == "inner":
            self.relay = int(rest)
            self.inner, self.orders, self.report_to, self.fail_to = fds
            os.set_blocking(self.inner, False)
            os.set_blocking(self.orders, False)
        elif word == "sidecar":
            self.sidecar = Sidecar(*fds)
        elif word == "stopped":
            self.stopped_by = int(rest)
        else:
            assert word == "ended", rest
            self.status = int(rest)

    def until(self, is_so: Callable[[], bool], *, all_read: bool = False) -> None:
        """Wait for it. Unless ``all_read``, user, CLI and sidecar leave everything where it is meanwhile."""
        end = monotonic() + SECONDS
        while not is_so():
            assert monotonic() < end, f"{self.state}, owed {self.owed}, sent {self.sent}, ordered {self.ordered}"
            waiting = poll()
            for fd in (self.control.fileno(), self.orders, *((self.user, self.inner) if all_read else ())):
                if fd >= 0:
                    waiting.register(fd, POLLIN)
            waiting.poll(10)
            self.take()
            if all_read:
                for read in (self.user_reads, self.cli_reads, self.sidecar_reads):
                    read(ALL)

    def until_ordered(self, order: bytes) -> None:
        before = self.ordered[order[0]]
        self.until(lambda: self.ordered[order[0]] > before)

    def has_shown(self, count: int) -> bool:
        """Whether so much of the CLI's is seen; a CR at its end may wait for its LF."""
        return len(self.shown) >= len(on_screen(count)) - 1

    def writes(self, count: int) -> None:
        self.written += given_to(self.inner, TEXT[self.written : self.written + count])

    def types(self, count: int) -> None:
        self.typed += given_to(self.user, TEXT[self.typed : self.typed + count])

    def user_reads(self, most: int) -> None:
        self.shown += taken(self.user, most)

    def read_screen(self) -> None:
        """All that is there; a terminal gives a page at a time."""
        while read := taken(self.user, ALL):
            self.shown += read

    def cli_reads(self, most: int) -> None:
        self.received += taken(self.inner, most)

    def sidecar_reads(self, most: int) -> None:
        if self.sidecar:
            self.sidecar.read(most)

    def sidecar_dies(self, _: int = 0) -> None:
        if self.sidecar:
            self.sidecar.close()
            self.sidecar, self.deaths = None, self.deaths + 1

    def signals(self, number: int) -> None:
        """Somebody sends it; it is not owed where the kernel drops it or a resize says the same."""
        if number in {signal.SIGTSTP, signal.SIGCONT}:
            if self.state not in {"front", "back"} or not self.is_executed:
                return
            self.owed -= {signal.SIGTSTP, signal.SIGCONT}  # each drops the other while that waits
        if number != signal.SIGWINCH or (self.is_executed and window_size(self.inner) == self.size):
            self.owed.add(number)
        self.sent[number] += 1
        os.kill(self.relay, number)

    def resizes(self, scale: int) -> None:
        size = pack("HHHH", 24 * scale, 80 * scale, 640, 480)
        if size != self.size:
            self.size = size
            self.owed -= {signal.SIGWINCH}
            self.sent[signal.SIGWINCH] += 1
            set_window_size(self.user, size)

    def executes(self, _: int = 0) -> None:
        """The program runs; until now nobody was told anything."""
        if not self.is_executed:
            self.take()
            assert not self.ordered
            os.close(self.fail_to)
            self.fail_to, self.is_executed = -1, True
            self.until(lambda: self.sidecar is not None)

    def reports(self, status: int) -> None:
        os.write(self.report_to, status.to_bytes(4, "little"))

    def stops(self, number: int) -> None:
        """The CLI does."""
        self.executes()
        if self.state in {"front", "back"}:
            self.owed -= {signal.SIGTSTP}  # two stops are one
            self.state, self.stops_by, self.stopped_by, self.said = "stopping", number, 0, self.written
            self.reports(number << 8 | 0x7F)

    def has_stopped(self, _: int = 0) -> None:
        """The relay did the same, and what the CLI said before is seen."""
        if self.state == "stopping":
            self.control.send(WAIT)
            self.until(lambda: self.stopped_by > 0, all_read=True)
            self.read_screen()
            assert (self.stopped_by, self.has_shown(self.said)) == (self.stops_by, True)
            self.state = "stopped"

    def to_front(self, _: int = 0) -> None:
        self.has_stopped()
        if self.is_executed and self.state != "front":
            self.resumes(FRONT, "front", FOREGROUND)

    def to_back(self, _: int = 0) -> None:
        if self.state == "front":
            self.stops(signal.SIGTSTP)
        self.has_stopped()
        if self.state == "stopped":
            self.resumes(BACK, "back", BACKGROUND)

    def resumes(self, command: bytes, state: str, order: bytes) -> None:
        self.take()
        self.owed -= {signal.SIGTSTP}
        self.sent[signal.SIGCONT] += 1
        self.control.send(command)
        self.until_ordered(order)
        self.state = state

    def to_front_untold(self, _: int = 0) -> None:
        """Some shells send no signal to a job that runs already: it learns by the CLI, which reads and is stopped."""
        if self.is_executed and self.state == "back":
            self.settles()  # a SIGCONT that comes between would tell it
            self.control.send(FRONT_UNTOLD)
            self.until(lambda: os.tcgetpgrp(self.user) == self.relay)
            self.sent[signal.SIGCONT] += 1
            self.reports(signal.SIGTTIN << 8 | 0x7F)
            self.until_ordered(FOREGROUND)
            self.state = "front"

    def settles(self, _: int = 0) -> None:
        """What was sent arrives though nobody reads; in the back nobody tells the relay of a resize."""
        if not self.is_executed:
            self.takes_turns()
        elif self.state in {"front", "back"}:
            self.until(lambda: not self.owed and (self.state == "back" or window_size(self.inner) == self.size))

    def takes_turns(self) -> None:
        """The relay has had time for everything that came before."""
        for count in (0, 2, 2):
            self.writes(count)
            self.until(lambda: self.has_shown(self.written), all_read=True)

    def ends(self, status: int, *, is_held: bool) -> None:
        """The CLI has its keys, says a last word and ends. ``is_held``: others still have its terminal."""
        self.executes()
        if self.state != "back":
            self.to_front()
        self.settles()
        if self.state == "front":
            self.until(lambda: len(self.received) >= self.typed, all_read=True)
        self.writes(TEXT.index(b"\r", self.written + 3000) + 1 - self.written)
        if not is_held:
            os.close(self.inner)
            self.inner = -1
        self.reports(status)
        self.until(lambda: self.status >= 0, all_read=True)
        self.take()
        self.read_screen()

    def window_closes(self, status: int) -> None:
        """The CLI is told, and ends."""
        self.executes()
        self.to_front()
        os.close(self.user)
        self.user = -1
        self.sent[signal.SIGHUP] += 2  # the kernel's, and the relay's own
        self.until_ordered(bytes((signal.SIGHUP,)))
        self.reports(status)
        self.until(lambda: self.status >= 0, all_read=True)


def play(around: Around, steps: Steps) -> None:
    for what, value in steps:
        step: Callable[[int], None] = getattr(around, what)
        step(value)


STATUSES = st.sampled_from([0, 1 << 8, 255 << 8, signal.SIGTERM, signal.SIGKILL])
TURN: Steps = [("signals", signal.SIGUSR1), ("settles", 0)]
UNSEEN: Steps = [("executes", 0), *[("writes", 20_000), *TURN] * 9, ("resizes", 2)]
UNREAD: Steps = [("executes", 0), *[("types", 20_000), *TURN] * 30]
EARLY: Steps = [*[("signals", number) for number in FORWARDED], ("settles", 0)]
WINDOW: Steps = [
    *[("executes", 0), ("resizes", 2), ("settles", 0), ("signals", signal.SIGWINCH), ("settles", 0)],
    *[("to_back", 0), ("signals", signal.SIGCONT), ("settles", 0), ("to_front", 0)],
]
STOPPED: Steps = [("executes", 0), ("stops", signal.SIGTSTP), ("has_stopped", 0), ("signals", signal.SIGTERM)]


@settings(max_examples=60, deadline=None)
@given(st.booleans(), st.integers(min_value=0, max_value=3000), STEPS, STATUSES, st.booleans())
@example(in_front=False, typed_ahead=0, steps=EARLY, status=15, is_held=False)
@example(in_front=True, typed_ahead=9, steps=WINDOW, status=0, is_held=False)
@example(in_front=True, typed_ahead=0, steps=STOPPED, status=15, is_held=False)
@example(in_front=False, typed_ahead=0, steps=[*UNSEEN, ("to_front", 0)], status=0, is_held=True)
@example(in_front=False, typed_ahead=0, steps=[*UNSEEN, ("to_front_untold", 0)], status=0, is_held=True)
def test_any_schedule_keeps_every_byte_every_signal_and_the_last_size(
    in_front: bool, typed_ahead: int, steps: Steps, status: int, is_held: bool
) -> None:
    around = Around(in_front=in_front, typed_ahead=typed_ahead)
    try:
        play(around, steps)
        around.ends(status, is_held=is_held)
        shown = on_screen(around.written)
        typed = TEXT[: around.typed if around.state == "front" else len(around.received)]
        assert (around.shown, around.received, around.status) == (shown, typed, status)
        assert all(around.ordered[number] <= around.sent[number] for number in range(1, 65))
        assert (around.ordered[LINGER[0]], termios.tcgetattr(around.user)) == (is_held, around.modes)
        if around.sidecar and not around.deaths:
            assert b"".join(data for kind, data in around.sidecar.parsed() if kind == b"o") == shown
    finally:
        around.close()


@settings(max_examples=20, deadline=None)
@given(st.booleans(), STEPS, STATUSES)
@example(in_front=True, steps=UNREAD, status=0)
def test_after_any_schedule_a_closed_window_hangs_up_and_the_status_arrives(
    in_front: bool, steps: Steps, status: int
) -> None:
    around = Around(in_front=in_front, typed_ahead=0)
    try:
        play(around, steps)
        around.window_closes(status)
        assert around.status == status
        assert all(around.ordered[number] <= around.sent[number] for number in range(1, 65))
    finally:
        around.close()
