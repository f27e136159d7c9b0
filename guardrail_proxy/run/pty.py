"""HOT. stdout is a terminal, so the CLI gets one of its own: made and handed to the CLI before the relay is loaded."""

import _signal
import posix
from select import POLLIN, poll

from guardrail_proxy.run import tty
from guardrail_proxy.run.child import Program
from guardrail_proxy.run.descriptors import moved_up, new_pipe
from guardrail_proxy.run.exec_first import wait_for_exec
from guardrail_proxy.run.monitor import Monitor, Pipes
from guardrail_proxy.run.signals import FORWARDED
from guardrail_proxy.run.terminal import NO_SIZE, Terminal, set_window_size

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from collections.abc import Callable

    from guardrail_proxy.run.recorder import Recorder


def run_pty(program: Program, recorder: "Callable[[], Recorder]", terminals: "tuple[bool, ...]") -> int:
    """Run the program behind a terminal of its own; return its wait status. The user's terminal is as before.

    ``terminals``: which of stdin, stdout and stderr are one.
    """
    begun = Begun(program, Terminal(terminals[0]))
    try:
        begun.start(program, [fd for fd in (0, 1, 2) if terminals[fd]])
        from guardrail_proxy.run.relay import Relay  # the CLI is on its way: this costs it no time

        return Relay(recorder(), begun).copy()
    finally:
        begun.terminal.restore()


class Begun:
    """The CLI's terminal, and the pipes to the monitor that leads its session.

    ``in_front``: the CLI begins in the foreground. ``early``: keys typed ahead that must wait until it runs. ``mask``:
    of signals, as it was: they are blocked until everybody has handlers.
    """

    __slots__ = ("early", "in_front", "mask", "master", "pipes", "slave", "terminal")

    def __init__(self, program: Program, terminal: Terminal) -> None:
        self.terminal = terminal
        self.master, self.slave = (moved_up(fd) for fd in posix.openpty())
        tty.tcsetattr(self.slave, tty.TCSANOW, terminal.modes)
        if terminal.size != NO_SIZE:
            set_window_size(self.slave, terminal.size)
        self.pipes = Pipes(new_pipe(), new_pipe(), new_pipe())
        self.in_front = terminal.is_ours()
        self.early = b""
        self.mask = program.mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, FORWARDED)

    def start(self, program: Program, taken: "list[int]") -> None:
        """Fork the monitor while we are small; it executes the program. ``taken``: what the program has on it."""
        if self.in_front:
            self.terminal.make_raw()
            self.early = self._typed_ahead()
        if not posix.fork():
            self._become_monitor(program, taken)
        program.is_started = True
        for fd in (self.pipes.orders, self.pipes.report_to, self.pipes.fail_to):
            posix.close(fd)
        wait_for_exec(self.pipes.failure)

    def _become_monitor(self, program: Program, taken: "list[int]") -> None:
        try:
            for fd in (self.pipes.order_to, self.pipes.reports):
                posix.close(fd)
            Monitor(self.master, self.terminal, self.pipes).run(program, self.slave, taken, self.in_front)
        finally:
            posix._exit(125)

    def _typed_ahead(self) -> bytes:
        typed = poll()
        typed.register(self.terminal.input, POLLIN)
        if not typed.poll(0):
            return b""
        from guardrail_proxy.run.early import take_early_keys  # seldom: only now somebody has typed

        return take_early_keys(self.terminal, self.master, self.slave)
