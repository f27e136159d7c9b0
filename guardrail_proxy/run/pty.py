"""HOT. stdout is a terminal, so the CLI gets one of its own; its processes are forked before anything else is loaded.

Two forks are the longest part of a start. So they are begun as soon as it is known that there will be a CLI: what it
is to become is told to its process when that is known too.
"""

import _signal
import posix
import termios
from marshal import dumps
from select import POLLIN, poll

from guardrail_proxy.run.child import Program
from guardrail_proxy.run.descriptors import moved_up, new_pipe, write_all
from guardrail_proxy.run.monitor import Monitor, Pipes
from guardrail_proxy.run.signals import FORWARDED
from guardrail_proxy.run.terminal import NO_SIZE, Terminal, set_window_size

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from guardrail_proxy.run.recorder import Recorder


def run_pty(program: Program, recorder: "Recorder", begun: "Begun") -> int:
    """Run the program behind a terminal of its own; return its wait status. The user's terminal is as before."""
    try:
        begun.become(program)
        from guardrail_proxy.run.relay import Relay  # the CLI is on its way: this costs it no time

        return Relay(recorder, begun).copy()
    finally:
        begun.terminal.restore()


class Begun:
    """The CLI's terminal, the monitor that leads its session, and below that the process that becomes the CLI.

    ``in_front``: the CLI begins in the foreground. ``early``: keys typed ahead that must wait until it runs. ``mask``:
    of signals, as it was: they are blocked until everybody has handlers.
    """

    __slots__ = ("early", "go_to", "in_front", "mask", "master", "monitor", "pipes", "slave", "terminal")

    def __init__(self, program: Program, terminals: "tuple[bool, ...]") -> None:
        """Fork while we are small. ``terminals``: which of stdin, stdout and stderr are one."""
        terminal = self.terminal = Terminal(terminals[0])
        self.master, self.slave = (moved_up(fd) for fd in posix.openpty())
        termios.tcsetattr(self.slave, termios.TCSANOW, terminal.modes)
        if terminal.size != NO_SIZE:
            set_window_size(self.slave, terminal.size)
        self.pipes = Pipes(new_pipe(), new_pipe(), new_pipe())
        go, self.go_to = new_pipe()
        self.in_front = terminal.is_ours()
        self.early = b""
        self.mask = program.mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, FORWARDED)
        self.monitor = posix.fork()
        if not self.monitor:
            self._become_monitor(program, go, [fd for fd in (0, 1, 2) if terminals[fd]])
        for fd in (self.pipes.orders, self.pipes.report_to, self.pipes.fail_to, go):
            posix.close(fd)

    def _become_monitor(self, program: Program, go: int, taken: "list[int]") -> None:
        try:
            for fd in (self.pipes.order_to, self.pipes.reports, self.pipes.failure, self.go_to):
                posix.close(fd)
            Monitor(self.master, self.terminal, self.pipes).run(program, self.slave, taken, self.in_front, go)
        finally:
            posix._exit(125)

    def become(self, program: Program) -> None:
        """Have the CLI's process execute the program; from here on it counts as started."""
        if self.in_front:
            self.terminal.make_raw()
            self.early = self._typed_ahead()
        program.is_started = True
        try:
            write_all(self.go_to, dumps((program.path, program.argv, program.env)))
        except OSError:
            pass  # it is gone, and its end is reported
        posix.close(self.go_to)

    def _typed_ahead(self) -> bytes:
        typed = poll()
        typed.register(self.terminal.input, POLLIN)
        if not typed.poll(0):
            return b""
        from guardrail_proxy.run.early import take_early_keys  # seldom: only now somebody has typed

        return take_early_keys(self.terminal, self.master, self.slave)

    def cancel(self) -> None:
        """There will be no CLI of ours: leave no process and no descriptor behind."""
        for fd in (self.go_to, self.pipes.order_to, self.pipes.reports, self.pipes.failure, self.master, self.slave):
            posix.close(fd)
        try:
            posix.waitpid(self.monitor, 0)
        except OSError:
            pass  # SIGCHLD is ignored
        _signal.pthread_sigmask(_signal.SIG_SETMASK, self.mask)
