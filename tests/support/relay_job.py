"""The relay as a job of a shell, in processes of their own: what it would start, it hands to the test instead."""

import ctypes
import fcntl
import os
import signal
import socket
import termios
import traceback
from contextlib import suppress
from typing import NoReturn

from guardrail_proxy.run import pty, recorder, relay  # noqa: F401 # loaded before the fork, or every job would load it
from guardrail_proxy.run.child import Program
from guardrail_proxy.run.descriptors import close_all_but, new_pipe
from guardrail_proxy.run.pty import Begun, run_pty
from guardrail_proxy.run.recorder import Recorder
from guardrail_proxy.run.sidecar_process import Link

SECONDS = 60.0
PAGE = 4096
SHELL_IGNORES = (signal.SIGHUP, signal.SIGTTOU)
WAIT, FRONT, FRONT_UNTOLD, BACK = b"w", b"f", b"u", b"b"
"""What the shell is told: wait until its job stops; let it go on; only give it the terminal."""


def start_shell(terminal: int, *, in_front: bool) -> tuple[int, socket.socket]:
    """A shell that leads a session on the terminal, with the relay as its job: its pid, and what both say.

    ``inner PID`` comes with four descriptors: the CLI's terminal, orders, where to report, what tells of a failure;
    ``sidecar`` with two: frames, and where to answer; then ``stopped SIGNAL`` for a WAIT, ``ended STATUS``, ``failed``.
    """
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    control.setblocking(False)
    shell = os.fork()
    if not shell:
        lead(theirs, terminal, in_front=in_front)
    theirs.close()
    return shell, control


def lead(control: socket.socket, terminal: int, *, in_front: bool) -> NoReturn:
    """In the forked process: be the shell."""
    try:
        drop_signal_stack()
        close_all_but({0, 1, 2, control.fileno(), terminal})
        os.setsid()
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
        for number in SHELL_IGNORES:
            signal.signal(number, signal.SIG_IGN)
        job = os.fork()
        if not job:
            be_job(control, terminal, in_front=in_front)
        while command := control.recv(1):
            if command == WAIT:
                status = os.waitpid(job, os.WUNTRACED)[1]
                os.tcsetpgrp(terminal, os.getpgrp())
                control.send(b"stopped %d" % os.WSTOPSIG(status))
            if command in {FRONT, FRONT_UNTOLD}:
                os.tcsetpgrp(terminal, job)
            if command in {FRONT, BACK}:
                os.kill(job, signal.SIGCONT)
        with suppress(ProcessLookupError):
            os.kill(job, signal.SIGKILL)
        os.waitpid(job, 0)
    finally:
        os._exit(0)


def drop_signal_stack() -> None:
    """Run handlers on the main stack, as in any process of ours: pytest's own small one overflows at a few at once."""
    disabled = (ctypes.c_size_t * 3)(0, 2, 0)  # a stack_t with SS_DISABLE
    ctypes.CDLL(None).sigaltstack(disabled, None)


def be_job(control: socket.socket, terminal: int, *, in_front: bool) -> NoReturn:
    """In the shell's forked process: be the relay, from its start to its end."""

    def hand_to_monitor(begun: Begun, *_: object) -> NoReturn:
        try:
            pipes, text = begun.pipes, b"inner %d" % os.getppid()
            socket.send_fds(control, [text], [begun.slave, pipes.orders, pipes.report_to, pipes.fail_to])
        finally:
            os._exit(0)

    def hand_to_sidecar(*_: object) -> Link:
        (frames, down), (up, answers) = new_pipe(), new_pipe()
        fcntl.fcntl(down, fcntl.F_SETPIPE_SZ, PAGE)
        for fd in (frames, down, up):
            os.set_blocking(fd, False)
        socket.send_fds(control, [b"sidecar"], [frames, answers])
        os.close(frames)
        os.close(answers)
        return Link(down, up, -1)

    try:
        os.setpgid(0, 0)
        if in_front:
            os.tcsetpgrp(terminal, os.getpid())
        for number in SHELL_IGNORES:
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the process that hands over is no zombie
        for fd in (0, 1, 2):
            os.dup2(terminal, fd)
        vars(recorder)["spawn"] = hand_to_sidecar
        vars(pty)["wait_for_exec"] = lambda _: None  # the test says when
        Begun._become_monitor = hand_to_monitor  # type: ignore[method-assign,assignment] # of this process alone
        kept = Recorder(b"/nowhere", b"/nowhere", control.fileno(), b"facts")  # a lock's descriptor is left open
        program = Program(b"/nowhere", [], [], {}, [])
        status = run_pty(program, lambda: kept, (True, True, True))
        kept.ended(b"%d" % status)
        kept.verdict(SECONDS)
        control.send(b"ended %d" % status)
    except BaseException:  # noqa: BLE001 # the test shows it
        control.send(b"failed " + traceback.format_exc().encode())
    finally:
        os._exit(0)
