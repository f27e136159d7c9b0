"""Signals of ours: what was caught is forgotten where nobody sends any; who leaves early, and who leaves as the CLI."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from guardrail_proxy.run.bystander import WATCHED, Bystander
from guardrail_proxy.run.recorder import Recorder
from guardrail_proxy.run.signals import FORWARDED, forget_all, pipe_of


def status_of(job: Callable[[], None]) -> int:
    """The exit status of a process that does this; minus the signal that ended it."""
    pid = os.fork()
    if not pid:
        try:
            job()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_after_forgetting_a_signal_is_one_again() -> None:
    def job() -> None:
        signal.signal(signal.SIGUSR1, signal.SIG_IGN)
        pipe_of((signal.SIGTERM, signal.SIGCHLD))
        signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
        forget_all()
        os.kill(os.getpid(), signal.SIGUSR1)  # ignored before us, and so still
        os.kill(os.getpid(), signal.SIGTERM)

    assert status_of(job) == -signal.SIGTERM


def test_what_waited_is_forgotten_too() -> None:
    def job() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)
        os.kill(os.getpid(), signal.SIGTERM)
        forget_all()
        os._exit(6)

    assert status_of(job) == 6


def test_after_forgetting_no_number_is_written_anywhere() -> None:
    def job() -> None:
        read_end, _ = pipe_of((signal.SIGCHLD,))
        forget_all()
        signal.signal(signal.SIGCHLD, lambda *_: None)
        os.kill(os.getpid(), signal.SIGCHLD)
        try:
            os.read(read_end, 1)
        except BlockingIOError:
            os._exit(5)

    assert status_of(job) == 5


@pytest.mark.parametrize(("is_awaited", "status"), [(True, 128 + signal.SIGTERM), (False, 4)])
def test_once_the_cli_is_gone_a_signal_ends_only_a_wait_for_the_verdict(is_awaited: bool, status: int) -> None:
    def job() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        bystander, recorder = Bystander(), Recorder(b"", b"", -1, b"")
        bystander.status, recorder.is_awaited = 0, is_awaited
        bystander.watch(os.getpid(), recorder)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.3)
        os._exit(4)

    assert status_of(job) == status
