"""HOT. Signals while the CLI shares our process group: what was sent to us alone is passed on."""

import _signal
import _thread
import posix
from select import poll

from guardrail_proxy.run.descriptors import new_pipe
from guardrail_proxy.run.signals import FORWARDED

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from guardrail_proxy.run.recorder import Recorder

WATCHED = (*FORWARDED, _signal.SIGCHLD, _signal.SIGCONT, _signal.SIGTTIN, _signal.SIGTTOU, _signal.SIGWINCH)
FROM_KEYS = (_signal.SIGINT, _signal.SIGQUIT, _signal.SIGTSTP, _signal.SIGHUP, _signal.SIGCONT)
"""What a terminal or a shell sends to the whole group, where the system does not tell who sent it (macOS)."""
ENDING = tuple(number for number in FORWARDED if number != _signal.SIGTSTP)
"""What ends who does not catch it."""
LEAVES_MOST_MS = 5000
"""Whoever copies is gone by then, unless it hangs."""
OF_THE_TERMINAL = (_signal.SIGTTIN, _signal.SIGTTOU, _signal.SIGWINCH)
"""The kernel sends these to the whole group: the child has its own."""


class Bystander:
    """Watches one child: ``events`` can be read whenever it may have stopped or ended; ``status`` is -1 until then.

    ``asked``: the signal by which somebody wants us gone since then, 0 for none.
    """

    __slots__ = ("asked", "child", "events", "events_to", "recorder", "status")

    def __init__(self) -> None:
        self.child = self.status = -1
        self.asked = 0
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
            elif self._has_ended():
                self._was_sent_late(number)
            elif number not in OF_THE_TERMINAL and is_for_us_alone:
                self._send(number)

    def _has_ended(self) -> bool:
        """Whether the child is gone, also while whoever should ``look`` hangs."""
        if self.status >= 0 or not hasattr(posix, "waitid"):  # Python on macOS has none before 3.13
            return self.status >= 0
        try:
            return bool(posix.waitid(posix.P_PID, self.child, posix.WEXITED | posix.WNOHANG | posix.WNOWAIT))
        except OSError:
            return True  # it was looked at just now

    def _was_sent_late(self, number: int) -> None:
        """The CLI is gone; the user will not wait for the verdict, or for a reader that does not read."""
        if number in ENDING and _signal.getsignal(number) != _signal.SIG_IGN:
            if self.recorder.is_awaited:
                posix._exit(128 + number)
            self.asked = number
            posix.write(self.events_to, b"s")
            poll().poll(LEAVES_MOST_MS)
            posix._exit(128 + number)  # whoever copies hangs in what is no pipe

    def _send(self, number: int) -> None:
        try:
            posix.kill(self.child, number)
        except OSError:
            return

    def look(self) -> None:
        """After an event: note the end, or stop as the child has stopped."""
        posix.read(self.events, 1024)
        if self.status >= 0:
            return
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


def next_signal(wanted: "set[int]") -> "tuple[int, bool]":
    """The next of these signals, and whether it was sent to us and not to the whole group, as far as can be known."""
    if hasattr(_signal, "sigwaitinfo"):
        info = _signal.sigwaitinfo(wanted)
        return info.si_signo, info.si_code <= 0  # SI_USER and friends are not above 0
    number = _signal.sigwait(wanted)
    return number, number not in FROM_KEYS
