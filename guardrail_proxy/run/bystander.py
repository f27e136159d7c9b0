"""HOT. Signals while the CLI shares our process group: what was sent to us alone is passed on."""

import _signal
import _thread
import posix
from select import poll

from guardrail_proxy.run.descriptors import new_pipe
from guardrail_proxy.run.signals import FORWARDED

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from collections.abc import Callable

    from guardrail_proxy.run.recorder import Recorder

WATCHED = (*FORWARDED, _signal.SIGCHLD, _signal.SIGCONT, _signal.SIGTTIN, _signal.SIGTTOU, _signal.SIGWINCH)
FROM_KEYS = (_signal.SIGINT, _signal.SIGQUIT, _signal.SIGTSTP, _signal.SIGHUP, _signal.SIGCONT)
"""What a terminal or a shell sends to the whole group, where the system does not tell who sent it (macOS)."""
ENDING = (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT)
INTERRUPT = _signal.SIGURG
"""Between our own two threads: nobody sends it, and by itself it does nothing."""
READER_MOST_MS = 500
OF_THE_TERMINAL = (_signal.SIGTTIN, _signal.SIGTTOU, _signal.SIGWINCH)
"""The kernel sends these to the whole group: the child has its own."""


class Bystander:
    """Watches one child: ``events`` can be read whenever it may have stopped or ended; ``status`` is -1 until then."""

    __slots__ = ("asked", "child", "copier", "events", "events_to", "recorder", "status")

    def __init__(self) -> None:
        self.child = self.status = -1
        self.asked = self.copier = 0
        self.events, self.events_to = new_pipe()
        posix.set_blocking(self.events_to, False)

    def watch(self, child: int, recorder: "Recorder") -> None:
        """Start to watch; the WATCHED signals are blocked in this thread."""
        self.child, self.recorder = child, recorder
        _thread.start_new_thread(self._take_signals, ())

    def _take_signals(self) -> None:
        """What somebody sent to us alone goes to the child; ends with us."""
        wanted = set(WATCHED)
        while True:
            number, is_for_us_alone = next_signal(wanted)
            if number == _signal.SIGCHLD:
                posix.write(self.events_to, b"c")
                if self.asked and self._end() == self.asked:
                    self._interrupt()
            elif self.status >= 0 and self.recorder.is_awaited:
                leave_for(number)
            elif number not in OF_THE_TERMINAL:
                self._was_sent(number, is_for_us_alone=is_for_us_alone)

    def _was_sent(self, number: int, *, is_for_us_alone: bool) -> None:
        if is_for_us_alone:
            self._send(number)
        if number in ENDING:
            self.asked = number
            if self._end() >= 0:
                self._interrupt()

    def _send(self, number: int) -> None:
        try:
            if self.status < 0:
                posix.kill(self.child, number)
        except OSError:
            return

    def _end(self) -> int:
        """The signal that ended the child, 0 where it has left by itself, -1 while it lives; also before ``look``."""
        if self.status >= 0:
            return posix.WTERMSIG(self.status)
        if not hasattr(posix, "waitid"):
            return -1  # macOS: nobody knows before ``look``
        try:
            found = posix.waitid(posix.P_PID, self.child, posix.WEXITED | posix.WNOHANG | posix.WNOWAIT)
        except OSError:
            return 0  # it was looked at just now
        if not found:
            return -1
        return 0 if found.si_code == posix.CLD_EXITED else found.si_status

    def _interrupt(self) -> None:
        """Somebody wants us gone, and the CLI is: whoever copies has a moment, then it is not waited for its reader."""
        poll().poll(READER_MOST_MS)
        if self.copier:
            _signal.pthread_kill(self.copier, INTERRUPT)

    def copying(self, copy: "Callable[[], None]") -> None:
        """Copy in this thread. Where it hangs in its reader and we are to go, ``status`` is what bare would be.

        Bare it would be the CLI that hangs there, and the signal that ends it.
        """
        _signal.signal(INTERRUPT, interrupted)
        self.copier = _thread.get_ident()
        try:
            copy()
            self.copier = 0
            _signal.signal(INTERRUPT, _signal.SIG_IGN)  # from here on it comes too late
        except InterruptedByUsError:
            if not self.copier:
                return
            self.copier = 0
            if self.status < 0:
                self.status = posix.waitpid(self.child, 0)[1]
            if not posix.WIFSIGNALED(self.status):
                self.status = self.asked

    def look(self) -> None:
        """After an event: note the end, or stop as the child has stopped."""
        posix.read(self.events, 1024)
        pid, status = posix.waitpid(self.child, posix.WNOHANG | posix.WUNTRACED)
        if not pid:
            return
        if posix.WIFSTOPPED(status):
            self._stop(posix.WSTOPSIG(status))
        else:
            self.status = status

    def _stop(self, number: int) -> None:
        """Stop as the child has, once.

        The terminal's own signal to the whole group may wait for us as well: both are let in together, and the first
        one's SIGCONT takes the other away. Ours is for this thread alone, so that nobody else takes it.
        """
        self.recorder.start()
        self.recorder.pump()  # what waits for more would wait as long as we do
        if number == _signal.SIGSTOP:
            posix.kill(posix.getpid(), number)
        else:
            _signal.pthread_kill(_thread.get_ident(), number)
            _signal.pthread_sigmask(_signal.SIG_UNBLOCK, (number,))
            _signal.pthread_sigmask(_signal.SIG_BLOCK, (number,))
        self._send(_signal.SIGCONT)


class InterruptedByUsError(Exception):
    """Whoever copies is not to wait any longer."""


def interrupted(*_: object) -> None:
    """Ends the call that hangs."""
    raise InterruptedByUsError


def next_signal(wanted: "set[int]") -> "tuple[int, bool]":
    """The next of these signals, and whether it was sent to us and not to the whole group, as far as can be known."""
    if hasattr(_signal, "sigwaitinfo"):
        info = _signal.sigwaitinfo(wanted)
        return info.si_signo, info.si_code <= 0  # SI_USER and friends are not above 0
    number = _signal.sigwait(wanted)
    return number, number not in FROM_KEYS


def leave_for(number: int) -> None:
    """The CLI is gone and the user will not wait for the verdict: leave without an answer."""
    if number in ENDING:
        posix._exit(128 + number)
