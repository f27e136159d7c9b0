"""Our own words for a terminal's modes mean what those of termios mean, on every machine."""

import importlib.util
import os
import posix
import termios
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.run import tty

NAMES = [
    name for name in dir(tty) if name.isupper() and name not in ("ALIKE", "LINE_AT", "KEYS_AT", "END", "TYPE_CHECKING")
]


@pytest.fixture(scope="module")
def terminal() -> Iterator[int]:
    master, slave = os.openpty()
    yield slave
    os.close(master)
    os.close(slave)


def shared(modes: list[Any]) -> list[Any]:
    """What both tell: flags, and as many keys as the kernel has; a number is a key too."""
    return [*modes[:4], [key if isinstance(key, bytes) else bytes((key,)) for key in modes[6][:19]]]


@pytest.mark.parametrize("name", NAMES)
def test_a_number_is_that_of_this_machine(name: str) -> None:
    assert getattr(tty, name) == getattr(termios, name)


def test_the_numbers_are_all_there() -> None:
    assert len(NAMES) > 25


@given(
    flags=st.tuples(*[st.integers(0, 0o7777)] * 2, st.just(0), st.integers(0, 0o177777)),
    key=st.binary(min_size=1, max_size=1),
)
def test_modes_are_read_and_set_as_termios_does(terminal: int, flags: tuple[int, int, int, int], key: bytes) -> None:
    modes = termios.tcgetattr(terminal)
    modes[0], modes[1], modes[3], modes[6][termios.VINTR] = flags[0], flags[1], flags[3], key
    termios.tcsetattr(terminal, termios.TCSANOW, modes)
    found, theirs = tty.tcgetattr(terminal), termios.tcgetattr(terminal)
    assert shared(found) == shared(theirs)
    termios.tcsetattr(terminal, termios.TCSANOW, [0, 0, theirs[2], 0, *theirs[4:]])
    tty.tcsetattr(terminal, tty.TCSANOW, found)
    assert termios.tcgetattr(terminal) == theirs


def test_a_number_among_the_keys_is_set(terminal: int) -> None:
    modes = tty.tcgetattr(terminal)
    modes[3] &= ~tty.ICANON
    modes[6][tty.VMIN], modes[6][tty.VTIME] = 3, 4
    tty.tcsetattr(terminal, tty.TCSANOW, modes)
    keys = termios.tcgetattr(terminal)[6]
    assert (keys[termios.VMIN], keys[termios.VTIME]) == (3, 4)


def test_what_is_no_terminal_is_told() -> None:
    read_end, write_end = os.pipe()
    with pytest.raises((OSError, tty.error)):
        tty.tcgetattr(read_end)
    os.close(read_end)
    os.close(write_end)


def test_another_machine_takes_them_from_termios(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posix, "uname", lambda: SimpleNamespace(machine="mips"))
    spec = importlib.util.spec_from_file_location("elsewhere", tty.__file__)
    assert spec
    assert spec.loader
    elsewhere = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(elsewhere)
    assert (elsewhere.tcgetattr, elsewhere.error) == (termios.tcgetattr, termios.error)
    assert {name for name in NAMES if not hasattr(elsewhere, name)} == {"TCGETS", "TCSETS"}
