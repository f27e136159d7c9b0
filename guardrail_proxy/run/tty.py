"""HOT. What we need of termios: loading that module is 2 % of a start, and most of it are names that we never use.

The numbers and the structure are those of Linux on the machines that share them (include/uapi/asm-generic/termbits.h,
ioctls.h); everywhere else they come from termios itself. ``tcgetattr`` gives a list as it does, without the speeds:
those are in the flags, or stay as they are.
"""

import fcntl
import posix
import sys

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from typing import Any

    Modes = list[Any]
    """As termios gives them: flags are numbers, keys a list of bytes and numbers."""

ALIKE = ("x86_64", "aarch64", "riscv64")

if sys.platform == "linux" and posix.uname().machine in ALIKE:
    IGNBRK, BRKINT, PARMRK, ISTRIP, INLCR, IGNCR, ICRNL, IXON = 0o1, 0o2, 0o10, 0o40, 0o100, 0o200, 0o400, 0o2000
    OPOST, ONLCR = 0o1, 0o4
    CSIZE, CS8, PARENB = 0o60, 0o60, 0o400
    ISIG, ICANON, ECHO, ECHONL, IEXTEN = 0o1, 0o2, 0o10, 0o100, 0o100000
    VINTR, VQUIT, VTIME, VMIN, VSUSP = 0, 1, 5, 6, 10
    TCSANOW = 0
    TCGETS, TCSETS, TIOCSCTTY = 0x5401, 0x5402, 0x540E
    TIOCGWINSZ, TIOCSWINSZ, FIONREAD = 0x5413, 0x5414, 0x541B
    LINE_AT, KEYS_AT, END = 16, 17, 36
    error = OSError

    def tcgetattr(fd: int) -> "Modes":
        """Input, output, control and local flags, line discipline, nothing, keys. Raises OSError."""
        found = fcntl.ioctl(fd, TCGETS, bytes(END))
        flags = [int.from_bytes(found[at : at + 4], "little") for at in (0, 4, 8, 12)]
        keys = [found[at : at + 1] for at in range(KEYS_AT, END)]
        return [*flags, found[LINE_AT], 0, keys]

    def tcsetattr(fd: int, when: int, modes: "Modes") -> None:
        """Give a terminal such modes. ``when``: TCSANOW and nothing else. Raises OSError."""
        flags = b"".join([flag.to_bytes(4, "little") for flag in modes[:4]])
        keys = b"".join([bytes((key,)) if isinstance(key, int) else key for key in modes[6]])
        fcntl.ioctl(fd, TCSETS + when, flags + bytes((modes[4],)) + keys)

else:
    from termios import (  # type: ignore[assignment]  # noqa: F401 # for who imports us
        BRKINT,
        CS8,
        CSIZE,
        ECHO,
        ECHONL,
        FIONREAD,
        ICANON,
        ICRNL,
        IEXTEN,
        IGNBRK,
        IGNCR,
        INLCR,
        ISIG,
        ISTRIP,
        IXON,
        ONLCR,
        OPOST,
        PARENB,
        PARMRK,
        TCSANOW,
        TIOCGWINSZ,
        TIOCSCTTY,
        TIOCSWINSZ,
        VINTR,
        VMIN,
        VQUIT,
        VSUSP,
        VTIME,
        error,
        tcgetattr,
        tcsetattr,
    )
