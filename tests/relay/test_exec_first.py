"""The CLI is executed before anything else of ours runs: who waits for that takes the processor from nobody."""

import os
import posix
import threading
import time
from collections.abc import Callable

import pytest

from guardrail_proxy.run import exec_first
from guardrail_proxy.run.exec_first import EXECUTED_IN_MS, set_batch, wait_for_exec


def forked(job: Callable[[], object]) -> str:
    """What a job says in a process of its own."""
    said, say = os.pipe()
    if not os.fork():
        os.write(say, repr(job()).encode())
        os._exit(0)
    os.close(say)
    answer = os.read(said, 4096).decode()
    os.close(said)
    os.wait()
    return answer


def test_the_exec_ends_the_wait() -> None:
    failure, fail_to = os.pipe()
    threading.Timer(0.02, os.close, [fail_to]).start()
    began = time.monotonic()
    wait_for_exec(failure)
    os.close(failure)
    assert time.monotonic() - began < EXECUTED_IN_MS / 1000


def test_a_slow_one_is_waited_for_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exec_first, "EXECUTED_IN_MS", 10)
    failure, fail_to = os.pipe()
    wait_for_exec(failure)
    os.close(failure)
    os.close(fail_to)


def test_the_policy_is_as_before_when_the_wait_is_over() -> None:
    def job() -> object:
        during, after = set_batch(on=True), posix.sched_getscheduler(0)
        return during, after, set_batch(on=False), posix.sched_getscheduler(0)

    assert forked(job) == repr((True, posix.SCHED_BATCH, True, posix.SCHED_OTHER))


def test_a_policy_of_the_users_own_stays() -> None:
    def job() -> object:
        posix.sched_setscheduler(0, posix.SCHED_BATCH, posix.sched_param(0))
        changed = set_batch(on=True)
        failure, fail_to = os.pipe()
        os.close(fail_to)
        wait_for_exec(failure)
        return changed, posix.sched_getscheduler(0)

    assert forked(job) == repr((False, posix.SCHED_BATCH))


@pytest.mark.parametrize("trouble", [AttributeError("macOS"), PermissionError(1, "a sandbox")])
def test_a_system_without_policies_is_no_error(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    def refuse(_: int) -> int:
        raise trouble

    monkeypatch.setattr(posix, "sched_getscheduler", refuse)
    assert (set_batch(on=True), set_batch(on=False)) == (False, False)
