"""HOT. The user's terminal: a description of our own, raw mode and back, window size, who is in its foreground."""

import fcntl
import posix
import sys

from guardrail_proxy.run import tty
from guardrail_proxy.run.descriptors import FIRST_OWN, OWN_DESCRIPTOR, moved_up

NO_SIZE = b"\0" * 8
OPEN = posix.O_RDWR | posix.O_NONBLOCK | posix.O_NOCTTY | posix.O_CLOEXEC


def reopened(fd: int) -> "tuple[int, bool]":
    """The terminal behind ``fd`` under a description of our own, and whether that does not block.

    O_NONBLOCK set on an inherited descriptor would be the shell's as well.
    """
    for path in (OWN_DESCRIPTOR % fd, name_of(fd)):
        try:
            return moved_up(posix.open(path, OPEN)), True
        except OSError:
            continue
    return fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, FIRST_OWN), False


def name_of(fd: int) -> str:
    """The terminal's file; "" where it has none that we know."""
    try:
        return posix.ttyname(fd)
    except OSError:
        return ""


def raw(modes: "tty.Modes") -> "tty.Modes":
    """The modes in which every byte passes."""
    new = list(modes)
    new[0] &= ~(tty.IGNBRK | tty.BRKINT | tty.PARMRK | tty.ISTRIP | tty.INLCR | tty.IGNCR | tty.ICRNL | tty.IXON)
    new[1] &= ~tty.OPOST
    new[2] = new[2] & ~(tty.CSIZE | tty.PARENB) | tty.CS8
    new[3] &= ~(tty.ECHO | tty.ECHONL | tty.ICANON | tty.ISIG | tty.IEXTEN)
    new[6] = list(new[6])
    new[6][tty.VMIN], new[6][tty.VTIME] = 1, 0
    return new


def window_size(fd: int) -> bytes:
    """A struct winsize: rows, columns and pixels. Raises OSError when the terminal is gone."""
    size: bytes = fcntl.ioctl(fd, tty.TIOCGWINSZ, NO_SIZE)
    return size


def set_window_size(fd: int, size: bytes) -> None:
    """Give a terminal that size; the kernel sends SIGWINCH."""
    fcntl.ioctl(fd, tty.TIOCSWINSZ, size)


def columns_rows(size: bytes) -> "tuple[int, int]":
    """Of a struct winsize."""
    return int.from_bytes(size[2:4], sys.byteorder), int.from_bytes(size[:2], sys.byteorder)


class Terminal:
    """The user's terminal and what we have done to it."""

    __slots__ = ("out", "out_waits", "input", "modes", "raw_modes", "is_raw", "size", "group")

    def __init__(self, stdin_is_terminal: bool) -> None:
        self.out, nonblocking = reopened(1)
        self.out_waits = not nonblocking
        self.input = self._open_input(stdin_is_terminal)
        self.modes = tty.tcgetattr(self.input)
        self.raw_modes = raw(self.modes)
        self.is_raw = False
        self.size = window_size(self.out)
        self.group = posix.getpgrp()

    def _open_input(self, stdin_is_terminal: bool) -> int:
        if stdin_is_terminal:
            return self.out if posix.ttyname(0) == posix.ttyname(1) else reopened(0)[0]
        try:
            return moved_up(posix.open("/dev/tty", OPEN))
        except OSError:
            return self.out

    def is_ours(self) -> bool:
        """Whether our job is in the foreground; a terminal that does not control us belongs to no other job."""
        try:
            return posix.tcgetpgrp(self.input) == self.group
        except OSError:
            return True

    def make_raw(self) -> None:
        """Pass every byte from now on."""
        try:
            tty.tcsetattr(self.input, tty.TCSANOW, self.raw_modes)
            self.is_raw = True
        except (OSError, tty.error):
            return

    def restore(self) -> None:
        """The modes as the user had them."""
        if not self.is_raw:
            return
        self.is_raw = False
        try:
            tty.tcsetattr(self.input, tty.TCSANOW, self.modes)
        except (OSError, tty.error):
            return

    def take_back(self) -> None:
        """After a pause: the modes may have been changed meanwhile; they are the user's new ones."""
        try:
            self.modes = tty.tcgetattr(self.input)
            self.raw_modes = raw(self.modes)
        except tty.error:
            pass
        self.make_raw()

    def resized(self) -> bool:
        """Read the size again; whether it is another one. Raises OSError."""
        now = window_size(self.out)
        changed, self.size = now != self.size, now
        return changed
