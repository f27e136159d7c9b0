"""What only Linux has, taken away: the other way that each place takes is the one that macOS takes."""

import _signal
import fcntl
import os
import posix
import signal
import threading

import pytest

from guardrail_proxy.run import descriptors, terminal
from guardrail_proxy.run.bystander import next_signal


@pytest.mark.parametrize("listings", [("/dev/fd",), ("/nowhere", "/dev/fd"), ("/nowhere",), ("/etc",)])
def test_open_descriptors_are_found_without_proc(listings: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descriptors, "LISTINGS", listings)
    fd = os.open(os.devnull, os.O_RDONLY)
    try:
        assert {0, 1, 2, fd} <= set(descriptors.open_ones())
    finally:
        os.close(fd)


@pytest.mark.parametrize(("own", "is_private"), [("/proc/self/fd/%d", True), ("/nowhere/%d", True)])
def test_a_terminal_is_opened_anew_by_its_name_without_proc(
    own: str, is_private: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "OWN_DESCRIPTOR", own)
    master, tty = os.openpty()
    try:
        opened, waits_not = terminal.reopened(tty)
        assert (waits_not, fcntl.fcntl(opened, fcntl.F_GETFL) & os.O_NONBLOCK != 0) == (is_private, True)
        assert fcntl.fcntl(tty, fcntl.F_GETFL) & os.O_NONBLOCK == 0  # the shell's own is left alone
        os.close(opened)
    finally:
        os.close(master)
        os.close(tty)


def test_what_has_no_name_is_duplicated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "OWN_DESCRIPTOR", "/nowhere/%d")
    read_end, write_end = os.pipe()
    opened, waits_not = terminal.reopened(read_end)
    assert (waits_not, opened >= descriptors.FIRST_OWN) == (False, True)
    for fd in (read_end, write_end, opened):
        os.close(fd)


@pytest.mark.parametrize("has_info", [True, False])
@pytest.mark.parametrize(("number", "alone"), [(signal.SIGTERM, True), (signal.SIGUSR1, True), (signal.SIGINT, False)])
def test_who_sent_a_signal_is_known_or_told_by_its_kind(
    has_info: bool, number: int, alone: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_info:
        monkeypatch.delattr(_signal, "sigwaitinfo")
    wanted: set[int] = {signal.SIGTERM, signal.SIGUSR1, signal.SIGINT}
    before = _signal.pthread_sigmask(_signal.SIG_BLOCK, wanted)
    try:
        _signal.pthread_kill(threading.get_ident(), number)
        found = next_signal(wanted)
    finally:
        _signal.pthread_sigmask(_signal.SIG_SETMASK, before)
    assert found == (number, alone or has_info)


def test_a_wider_pipe_is_asked_for_and_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descriptors, "SET_PIPE_SIZE", 1 << 20)  # no such request
    read_end, write_end = posix.pipe()
    descriptors.widen(write_end)
    os.write(write_end, b"x")
    assert os.read(read_end, 1) == b"x"
    os.close(read_end)
    os.close(write_end)
