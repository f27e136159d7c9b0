"""Job control in a real shell, and what becomes of the terminal when the relay itself is stopped or killed."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stand import Stand
from terminal import TerminalRun

pytestmark = pytest.mark.slow
PROBE = Path(__file__).parent / "probe.py"


@pytest.fixture(params=["bare", "shim"])
def shell(request: pytest.FixtureRequest, stand: Stand) -> Iterator[TerminalRun]:
    """An interactive bash, in which ``claude`` is the probe, bare or behind its shim."""
    stand.script(stand.bin / "claude", f'#!/bin/sh\nexec {sys.executable} -I -S {PROBE} "$@"\n')
    path = f"{stand.bin}:{os.environ['PATH']}"
    path = f"{stand.home / 'shims'}:{path}" if request.param == "shim" else path
    argv = ["/bin/bash", "--norc", "--noprofile", "-i"]
    run = TerminalRun(argv, stand.env(PATH=path, PS1="<$?>", HISTFILE="/dev/null"))
    run.until(b"<0>")
    yield run
    run.close()


def test_it_is_suspended_and_comes_back(shell: TerminalRun) -> None:
    shell.send(b"claude lines\n").until(b"READY").send(b"one\n").until(b"line one").send(b"\x1a")
    shell.until(b"<148>").send(b"jobs\n").until(b"Stopped", 2).send(b"fg\n").until(b"claude lines", 4)
    shell.send(b"two\n").until(b"line two").send(b"quit\n").until(b"line quit").until(b"<0>", 3)


@pytest.mark.parametrize(("kill", "status"), [("kill %1", 143), ("kill -HUP %1", 129)])
def test_suspended_it_is_killed_by_the_shell(shell: TerminalRun, kill: str, status: int) -> None:
    shell.send(b"claude hang\n").until(b"READY").send(b"\x1a").until(b"<148>")
    shell.send(f"{kill}; fg; echo ended $?\n".encode()).until(f"ended {status}\r\n".encode())


def test_in_the_background_it_writes_plain_lines_and_waits_for_the_terminal_to_read(shell: TerminalRun) -> None:
    shell.send(b"set -b\n").until(b"<0>", 2).send(b"claude lines &\n").until(b"READY").until(b"Stopped")
    shell.send(b"fg\n").until(b"claude lines", 3)
    shell.send(b"quit\n").until(b"line quit").until(b"<0>", 3)
    assert b"READY\r\r\n" not in shell.out


def test_the_shell_works_on_after_a_ctrl_c(shell: TerminalRun) -> None:
    shell.send(b"claude hang\n").until(b"READY").send(b"\x03").until(b"<130>")
    shell.send(b"echo still $((40+2))\n").until(b"still 42")


def test_in_a_pipeline_it_is_one_job_with_its_neighbours(shell: TerminalRun) -> None:
    shell.send(b"claude lines | cat\n").until(b"READY").send(b"one\n").until(b"line one").send(b"\x1a").until(b"<148>")
    shell.send(b"fg\n").until(b"claude lines | cat", 3).send(b"quit\n").until(b"line quit").until(b"<0>", 2)


@pytest.fixture
def relayed(stand: Stand) -> Iterator[Callable[[str], TerminalRun]]:
    """Starts the probe behind its shim."""
    stand.script(stand.bin / "claude", f'#!/bin/sh\nexec {sys.executable} -I -S {PROBE} "$@"\n')
    runs: list[TerminalRun] = []

    def begin(word: str) -> TerminalRun:
        runs.append(TerminalRun([str(stand.home / "shims/claude"), word], stand.env()))
        return runs[-1]

    yield begin
    for run in runs:
        run.close()


def test_a_killed_relay_leaves_the_terminal_as_it_was_and_no_cli_behind(
    relayed: Callable[[str], TerminalRun],
) -> None:
    run = relayed("hang").until(b"READY")
    child = int(run.out.split()[1])
    assert run.modes() != run.before
    os.kill(run.pid, signal.SIGKILL)
    assert os.WTERMSIG(run.wait()) == signal.SIGKILL
    while Path(f"/proc/{child}").exists():
        os.sched_yield()
    assert run.modes() == run.before


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT"])
def test_a_signal_that_ends_it_leaves_the_terminal_as_it_was(relayed: Callable[[str], TerminalRun], name: str) -> None:
    run = relayed("hang").until(b"READY")
    os.kill(run.pid, getattr(signal, name))
    assert (os.WTERMSIG(run.wait()), run.modes()) == (getattr(signal, name), run.before)
