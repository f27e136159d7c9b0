"""HOT. The relay's loop: copies between the user's terminal and the CLI's. Loaded while the CLI is being executed."""

import _signal
import posix
from select import POLLERR, POLLHUP, POLLIN, POLLOUT

from guardrail_proxy.run.child import UnstartedError
from guardrail_proxy.run.descriptors import close_all_but
from guardrail_proxy.run.jobs import Jobs
from guardrail_proxy.run.keyboard import Keyboard
from guardrail_proxy.run.monitor import LINGER
from guardrail_proxy.run.pty import Begun
from guardrail_proxy.run.recorder import Recorder
from guardrail_proxy.run.screen import Screen
from guardrail_proxy.run.signals import FORWARDED, arrived, pipe_of
from guardrail_proxy.run.terminal import set_window_size
from guardrail_proxy.run.waiting import Waiting, is_ready

HANDLED = (*FORWARDED, _signal.SIGWINCH, _signal.SIGCONT, _signal.SIGTTIN, _signal.SIGTTOU)


class Relay:
    """Passes on every byte, and what happens to either terminal."""

    __slots__ = (
        "early",
        "inner",
        "is_hung_up",
        "jobs",
        "keyboard",
        "master",
        "pipes",
        "postponed",
        "recorder",
        "screen",
        "signals",
        "status",
        "telling",
        "terminal",
    )

    def __init__(self, recorder: Recorder, begun: Begun) -> None:
        """Take over signals and descriptors from what started the CLI."""
        terminal = self.terminal = begun.terminal
        self.recorder = recorder
        self.master, self.inner, self.pipes, self.early = begun.master, begun.slave, begun.pipes, begun.early
        self.screen = Screen(self.master, terminal, recorder)
        self.keyboard = Keyboard(self.master, terminal)
        self.jobs = Jobs(terminal, self.screen, self.keyboard, self.pipes.order_to, in_front=begun.in_front)
        self.postponed = b""
        self.is_hung_up = False
        self.status = -1
        self.signals, signals_to = pipe_of(HANDLED)
        self.telling = {self.signals, self.pipes.failure, self.pipes.reports}
        self.jobs.signals = self.signals
        _signal.pthread_sigmask(_signal.SIG_SETMASK, begun.mask)
        self.jobs.follow_size()  # it may have changed before the handler was there
        posix.set_blocking(self.master, False)
        kept = {self.master, self.inner, terminal.out, terminal.input, self.pipes.reports, self.pipes.order_to}
        close_all_but(kept | {self.pipes.failure, self.signals, signals_to, recorder.lock, 2})

    def copy(self) -> int:
        """Copy until the CLI has ended; return its wait status."""
        waiting = Waiting()
        while self.status < 0:
            ready = waiting.events(self._wanted(), self.recorder.due_in_ms())
            for fd, what in ready:
                self._handle(fd, what)
            if (self.screen.is_gone or self.keyboard.is_gone) and not self.is_hung_up:
                self._hang_up()
            if not ready:
                self.recorder.do_due()
            elif not self.telling.isdisjoint(fd for fd, _ in ready):
                self._take_news()
        if not self.is_hung_up:
            posix.close(self.inner)
            if self.screen.finish():
                self.jobs.order(LINGER)
        return self.status

    def _wanted(self) -> "dict[int, int]":
        """What we can take and give now."""
        wanted = {self.pipes.reports: POLLIN, self.signals: POLLIN, **self.recorder.wanted()}
        if self.pipes.failure >= 0:
            wanted[self.pipes.failure] = POLLIN
        if self.is_hung_up:
            return wanted
        writes, keys = bool(self.screen.queue.waiting), bool(self.keyboard.queue.waiting)
        wanted[self.master] = (0 if writes else POLLIN) | (POLLOUT if keys else 0)
        if writes:
            wanted[self.terminal.out] = POLLOUT
        if self.keyboard.is_ours:  # it tells of a hang-up even where no keys are wanted
            keys_from = POLLIN if self.keyboard.wants_keys() else 0
            wanted[self.terminal.input] = wanted.get(self.terminal.input, 0) | keys_from
        return wanted

    def _handle(self, fd: int, what: int) -> None:
        self.recorder.handle(fd)
        if fd == self.master:
            if what & POLLOUT:
                self.keyboard.flush()
            if what & (POLLIN | POLLHUP):
                self.screen.read()
        if fd == self.terminal.out and what & POLLOUT:
            self.screen.flush()
        if fd == self.terminal.input and what & (POLLIN | POLLHUP | POLLERR):
            self.keyboard.read()

    def _take_news(self) -> None:
        """Signals first: the report of the CLI's end is the last thing."""
        self._take_signals()
        if is_ready(self.pipes.reports):
            self._report(posix.read(self.pipes.reports, 4))

    def _take_signals(self) -> None:
        self.postponed += arrived(self.signals)
        if self.pipes.failure >= 0 and is_ready(self.pipes.failure):
            self._executed(posix.read(self.pipes.failure, 20))
        if self.pipes.failure < 0:  # before, they wait until the program is executed
            numbers, self.postponed = self.postponed, b""
            for number in numbers:
                self.jobs.signal(number)

    def _executed(self, error: bytes) -> None:
        """The program runs (or does not): now our own start costs nobody any time."""
        posix.close(self.pipes.failure)
        self.pipes.failure = -1
        if error:
            raise UnstartedError(int(error))
        self.recorder.begin()
        if self.jobs.child_in_front and not self.is_hung_up:
            self.keyboard.is_ours = True
            self.keyboard.put(self.early)

    def _hang_up(self) -> None:
        """The inner terminal hangs up as the outer one did."""
        self.is_hung_up = True
        self.screen.is_gone = True
        try:
            set_window_size(self.inner, self.terminal.size)
        except OSError:
            pass  # it is gone already
        posix.close(self.master)
        posix.close(self.inner)
        self.jobs.order(bytes((_signal.SIGHUP,)))

    def _report(self, report: bytes) -> None:
        status = int.from_bytes(report, "little") if report else 1 << 8
        if posix.WIFSTOPPED(status):
            self.recorder.start()
            self.jobs.stopped(posix.WSTOPSIG(status))
        else:
            self.status = status
