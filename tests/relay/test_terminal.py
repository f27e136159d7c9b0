"""A program on a terminal behind the relay, beside the same program without it: nothing it can see or do differs."""

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
Start = Callable[..., TerminalRun]


@pytest.fixture(params=["bare", "shim"])
def start(request: pytest.FixtureRequest, stand: Stand) -> Iterator[Start]:
    """Starts the probe by name, without or with the shim ahead of it."""
    stand.script(stand.bin / "claude", f'#!/bin/sh\nexec {sys.executable} -I -S {PROBE} "$@"\n')
    runs: list[TerminalRun] = []

    def begin(*words: str) -> TerminalRun:
        program = stand.home / "shims/claude" if request.param == "shim" else stand.bin / "claude"
        runs.append(TerminalRun([str(program), *words], stand.env()))
        return runs[-1]

    yield begin
    for run in runs:
        run.close()


def test_it_has_the_modes_and_the_size_of_the_users_terminal_and_controls_it(start: Start) -> None:
    run = start("terminal")
    status = run.wait()
    modes = str(run.before[:6]).encode()
    assert (status, modes in run.out, b"size 24x80x640x480" in run.out) == (0, True, True)
    assert b"front True controls True" in run.out


def test_a_resize_reaches_it_with_pixels(start: Start) -> None:
    run = start("resized").until(b"READY")
    run.resize(40, 132, 1056, 800)
    run.until(b"size 40x132x1056x800")
    run.resize(40, 132, 1188, 900)  # another font
    run.until(b"size 40x132x1188x900").send(b"\x03")
    assert os.WTERMSIG(run.wait()) == signal.SIGINT


def test_the_terminal_is_as_before_whatever_the_program_left(start: Start, request: pytest.FixtureRequest) -> None:
    run = start("leave_raw").until(b"READY").send(b"q")
    assert run.wait() == 0
    if "shim" in request.node.name:  # bare, a program that leaves raw mode behind leaves it to the shell
        assert run.modes() == run.before


def test_keys_that_signal_are_bytes_in_raw_mode(start: Start) -> None:
    keys = bytes(range(1, 256)) + b"\x00"
    run = start("raw").until(b"READY").send(keys)
    assert (run.wait(), keys.hex().encode() in run.out) == (0, True)


def test_every_byte_that_it_writes_is_shown(start: Start) -> None:
    run = start("every")
    assert (run.wait(), bytes(range(256)) * 3 in run.out) == (0, True)


def test_a_query_to_the_terminal_is_answered(start: Start) -> None:
    run = start("query").until(b"\x1b[6n").send(b"\x1b[12;34R")
    assert (run.wait(), b"answer b'\\x1b[12;34R'" in run.out) == (0, True)


def test_a_megabyte_is_pasted_while_a_megabyte_is_shown(start: Start) -> None:
    text = bytes(range(256)) * 4096
    run = start("paste").until(b"READY").send(text)
    status = run.wait()
    assert (status, run.out.count(b"."), b"sum %d" % (sum(text) & 0xFFFFFF) in run.out) == (0, 1 << 20, True)


def test_the_last_bytes_arrive_every_time(start: Start) -> None:
    for _ in range(10):
        run = start("last")
        assert (run.wait(), len(run.out), run.out[-4:]) == (0, 200_004, b"END!")


def test_a_grandchild_that_outlives_it_keeps_nobody_waiting_and_loses_nothing(start: Start, tmp_path: Path) -> None:
    run = start("orphan", str(tmp_path / "go"))
    assert (run.wait(), b"late" in run.out) == (0, False)
    (tmp_path / "go").touch()
    assert run.until(b"late").out.endswith(b"late\r\n")


@pytest.mark.parametrize("status", [0, 1, 2, 77, 126, 127, 130, 255])
def test_its_exit_status_is_ours(start: Start, status: int) -> None:
    assert os.waitstatus_to_exitcode(start("leave", str(status)).wait()) == status


@pytest.mark.parametrize("number", [1, 2, 3, 6, 9, 11, 13, 14, 15])
def test_its_death_by_a_signal_is_ours(start: Start, number: int) -> None:
    assert os.waitstatus_to_exitcode(start("die", str(number)).wait()) == -number


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGINT", "SIGQUIT"])
def test_what_a_supervisor_sends_reaches_it_once(start: Start, name: str) -> None:
    run = start("signals").until(b"READY")
    os.kill(run.pid, getattr(signal, name))
    run.until(f"got {name}".encode()).send(b"\n").until(b"BYE")
    assert (run.wait(), run.out.count(f"got {name}".encode())) == (0, 1)


@pytest.mark.parametrize(("key", "name"), [(b"\x03", "SIGINT"), (b"\x1c", "SIGQUIT")])
def test_a_key_that_signals_does_so_once(start: Start, key: bytes, name: str) -> None:
    run = start("signals").until(b"READY").send(key)
    run.until(f"got {name}".encode()).send(b"\n").until(b"BYE")
    assert (run.wait(), run.out.count(f"got {name}".encode())) == (0, 1)


def test_an_end_of_file_is_one(start: Start) -> None:
    run = start("lines").until(b"READY").send(b"one\n").until(b"line one").send(b"\x04")
    assert (run.wait(), run.out.count(b"line")) == (0, 1)


def test_keys_typed_ahead_are_read(start: Start) -> None:
    run = start("lines").send(b"one\nquit\n")
    assert (run.wait(), run.out.count(b"line one"), run.out.count(b"line quit")) == (0, 1, 1)


def test_when_the_terminal_goes_away_it_is_hung_up(start: Start) -> None:
    run = start("hang").until(b"READY")
    child = int(run.out.split()[1])
    os.close(run.master)
    run.master = os.open("/dev/null", os.O_RDWR)
    assert os.WTERMSIG(os.waitpid(run.pid, 0)[1]) == signal.SIGHUP
    run.pid = 0
    wait_for_end(child)


def wait_for_end(pid: int) -> None:
    """Return when no such process runs; the test's own time limit bounds it."""
    while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
        os.sched_yield()
