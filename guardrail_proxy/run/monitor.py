"""HOT. The monitor: leader of the inner terminal's session and parent of the CLI.

With it between, the CLI's process group is not orphaned, so ctrl-Z works. It reports stops and the end, restores the
user's terminal when the relay is killed, and goes on copying for grandchildren that outlive the CLI.
"""

import _signal
import fcntl
import posix
from select import POLLIN, poll

from guardrail_proxy.run import tty
from guardrail_proxy.run.child import Program
from guardrail_proxy.run.descriptors import close_all_but, write_all
from guardrail_proxy.run.exec_first import wait_for_exec
from guardrail_proxy.run.signals import arrived, pipe_of
from guardrail_proxy.run.terminal import Terminal

FOREGROUND, BACKGROUND, LINGER = b"F", b"B", b"L"
"""Orders of the relay; any other byte is the number of a signal to pass on."""
IGNORED = (
    _signal.SIGHUP,
    _signal.SIGINT,
    _signal.SIGQUIT,
    _signal.SIGTERM,
    _signal.SIGTSTP,
    _signal.SIGTTIN,
    _signal.SIGTTOU,
    _signal.SIGUSR1,
    _signal.SIGUSR2,
    _signal.SIGALRM,
    _signal.SIGPIPE,
)

GRACE_STEPS, GRACE_STEP_MS = 40, 50
"""How long a CLI may take to end after its terminal is gone, before it is killed."""


class Pipes:
    """Between relay and monitor: reports up, orders down, and the error number of a failed exec."""

    __slots__ = ("reports", "report_to", "orders", "order_to", "failure", "fail_to")

    def __init__(self, reports: "tuple[int, int]", orders: "tuple[int, int]", failure: "tuple[int, int]") -> None:
        self.reports, self.report_to = reports
        self.orders, self.order_to = orders
        self.failure, self.fail_to = failure


class Monitor:
    """Runs in the forked process; never returns."""

    __slots__ = ("child", "group", "is_over", "master", "pipes", "terminal")

    def __init__(self, master: int, terminal: Terminal, pipes: Pipes) -> None:
        self.master, self.terminal, self.pipes = master, terminal, pipes
        self.child = self.group = -1
        self.is_over = False

    def run(self, program: Program, inner: int, taken: "list[int]", foreground: bool) -> None:
        """Start the program on the inner terminal, then serve until the relay or the terminal is gone."""
        posix.setsid()
        if program.ignores_children:
            _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)  # or its status would be lost
        fcntl.ioctl(inner, tty.TIOCSCTTY, 0)
        self.group = posix.getpgrp()
        self.child = posix.fork()
        if not self.child:
            take_place(inner, taken, foreground)
            program.become(self.pipes.fail_to)
        posix.close(self.pipes.fail_to)
        wait_for_exec(self.pipes.failure)
        try:
            posix.setpgid(self.child, self.child)
        except OSError:
            pass  # it has done so itself and is executed by now
        for number in IGNORED:
            _signal.signal(number, _signal.SIG_IGN)
        self._serve()

    def _serve(self) -> None:
        signals, signals_to = pipe_of((_signal.SIGCHLD,))
        _signal.pthread_sigmask(_signal.SIG_SETMASK, ())
        pipes = self.pipes
        close_all_but({self.master, self.terminal.out, pipes.report_to, pipes.orders, signals, signals_to})
        wait = poll()
        wait.register(pipes.orders, POLLIN)
        wait.register(signals, POLLIN)
        self._report()
        while True:
            for fd, _ in wait.poll():
                if fd == signals:
                    arrived(signals)
                    self._report()
                else:
                    self._obey(posix.read(pipes.orders, 100))

    def _report(self) -> None:
        while not self.is_over:
            try:
                pid, status = posix.waitpid(self.child, posix.WNOHANG | posix.WUNTRACED)
            except OSError:
                return
            if not pid:
                return
            self.is_over = not posix.WIFSTOPPED(status)
            try:
                posix.write(self.pipes.report_to, status.to_bytes(4, "little"))
            except OSError:
                pass  # the relay is gone; its end of file on the orders says what to do

    def _obey(self, orders: bytes) -> None:
        if not orders:
            self._relay_is_gone()
        for order in orders:
            letter = bytes((order,))
            try:
                if letter == LINGER:
                    self._linger()
                elif letter in (FOREGROUND, BACKGROUND):
                    posix.tcsetpgrp(self.master, self.child if letter == FOREGROUND else self.group)
                    posix.killpg(self.child, _signal.SIGCONT)
                else:
                    posix.kill(self.child, order)
            except OSError:
                continue

    def _relay_is_gone(self) -> None:
        """Not by its own will while the child lives: what happens when a terminal closes."""
        if not self.is_over:
            terminal = self.terminal
            try:
                if terminal.is_raw and tty.tcgetattr(terminal.out)[:4] == terminal.raw_modes[:4]:
                    tty.tcsetattr(terminal.out, tty.TCSANOW, terminal.modes)
            except (OSError, tty.error):
                pass
            self._hang_up()
        posix._exit(0)

    def _hang_up(self) -> None:
        try:
            posix.killpg(self.child, _signal.SIGHUP)
            posix.killpg(self.child, _signal.SIGCONT)
            for _ in range(GRACE_STEPS):
                if posix.waitpid(self.child, posix.WNOHANG)[0]:
                    return
                poll().poll(GRACE_STEP_MS)
            posix.killpg(self.child, _signal.SIGKILL)
        except OSError:
            return

    def _linger(self) -> None:
        """The child is gone, somebody else still has the inner terminal: copy until they are gone too."""
        _signal.set_wakeup_fd(-1)
        try:
            posix.tcsetpgrp(self.master, self.group)
        except OSError:
            pass
        out = self.terminal.out
        posix.set_blocking(self.master, True)
        posix.set_blocking(out, True)
        try:
            while True:
                data = posix.read(self.master, 1 << 16)
                if not data:
                    break
                write_all(out, data.replace(b"\r\n", b"\n") if adds_cr(out) else data)
        except (OSError, tty.error):
            pass
        posix._exit(0)


def adds_cr(terminal: int) -> bool:
    """Whether the terminal turns LF into CR LF by itself."""
    modes = tty.tcgetattr(terminal)[1]
    return bool(modes & tty.OPOST and modes & tty.ONLCR)


def take_place(inner: int, taken: "list[int]", foreground: bool) -> None:
    """In the child: own process group, foreground of the inner terminal, its descriptors."""
    posix.setpgid(0, 0)
    if foreground:
        _signal.pthread_sigmask(_signal.SIG_BLOCK, (_signal.SIGTTOU,))
        posix.tcsetpgrp(inner, posix.getpid())
    for fd in taken:
        posix.dup2(inner, fd)
