"""HOT. Job control: what the shell or a user does to us happens to the CLI, and the other way round."""

import _signal
import posix

from guardrail_proxy.run.keyboard import Keyboard
from guardrail_proxy.run.monitor import BACKGROUND, FOREGROUND
from guardrail_proxy.run.screen import Screen
from guardrail_proxy.run.signals import FORWARDED, arrived, noted
from guardrail_proxy.run.terminal import Terminal, columns_rows, set_window_size


class Jobs:
    """``child_in_front``: the CLI owns the foreground of its own terminal."""

    __slots__ = ("child_in_front", "keyboard", "order_to", "screen", "signals", "terminal")

    def __init__(
        self, terminal: Terminal, screen: Screen, keyboard: Keyboard, order_to: int, *, in_front: bool
    ) -> None:
        self.terminal, self.screen, self.keyboard, self.order_to = terminal, screen, keyboard, order_to
        self.child_in_front = in_front
        self.signals = -1

    def order(self, order: bytes) -> None:
        """Tell the monitor."""
        try:
            posix.write(self.order_to, order)
        except OSError:
            return

    def signal(self, number: int) -> None:
        """A signal that was sent to us."""
        if number == _signal.SIGWINCH:
            if not self.follow_size():
                self.order(bytes((number,)))
        elif number == _signal.SIGCONT:
            self._continued()
        elif number in FORWARDED:
            self.order(bytes((number,)))

    def _continued(self) -> None:
        if not self.terminal.is_raw and self.terminal.is_ours():
            self.terminal.take_back()
            self.screen.turned_raw()
            self.keyboard.is_ours = True
        self.follow_size()  # behind, nobody told us of a new one
        self.child_in_front = self.terminal.is_raw
        self.order(FOREGROUND if self.terminal.is_raw else BACKGROUND)

    def follow_size(self) -> bool:
        """Give the inner terminal the user's size; whether it changed."""
        try:
            if not self.terminal.resized():
                return False
            set_window_size(self.screen.master, self.terminal.size)
        except OSError:
            return False
        self.screen.recorder.resized(*columns_rows(self.terminal.size))
        return True

    def stopped(self, number: int) -> None:
        """The CLI has stopped: because it wants a terminal that it may have, or as a job does."""
        wants_terminal = number in (_signal.SIGTTIN, _signal.SIGTTOU)
        if wants_terminal and not self.child_in_front and self.terminal.is_ours():
            self.child_in_front = self.keyboard.is_ours = True
            if not self.terminal.is_raw:
                self.terminal.make_raw()
                self.screen.turned_raw()
            self.follow_size()
            self.order(FOREGROUND)
            return
        self._suspend(number)

    def _suspend(self, number: int) -> None:
        """Stop as the CLI stopped; go on when the shell says so."""
        if not self.screen.is_gone:
            self.screen.drain()
            self.screen.recorder.pump()  # what waits for more would wait as long as we do
        self.terminal.restore()
        if number == _signal.SIGSTOP:
            posix.kill(posix.getpid(), number)
        else:
            _signal.signal(number, _signal.SIG_DFL)
            posix.killpg(self.terminal.group, number)
            _signal.signal(number, noted)
        missed = arrived(self.signals)
        self.keyboard.is_ours = self.child_in_front = self.terminal.is_ours()
        if self.keyboard.is_ours:
            self.terminal.take_back()
        for late in missed:
            if late not in (_signal.SIGTSTP, _signal.SIGCONT):  # that we stopped and go on is no news
                self.signal(late)
        self.follow_size()
        self.order(FOREGROUND if self.keyboard.is_ours else BACKGROUND)
