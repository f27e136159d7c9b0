"""COLD. Does anybody have this database file open? Asked without taking a lock, so nobody is ever in anybody's way.

DuckDB holds a POSIX record lock while a file is open. Closing any descriptor of the file drops this process's own
locks on it, so a file that this process has open is never opened again just to ask.
"""

import fcntl
import os
import struct
import sys
from contextlib import suppress
from pathlib import Path

FLOCK = "hhqqi4x" if sys.platform.startswith("linux") else "qqihh"
"""struct flock: Linux (64 bit), else the BSDs and macOS."""


def is_open(path: Path) -> bool:
    """Whether any process reads or writes it."""
    return _is_open_here(path) or _is_locked(path, fcntl.F_WRLCK)


def is_open_for_writing(path: Path) -> bool:
    """Whether another process has it open read-write: nobody else can open it then. We only ever read it ourselves."""
    return not _is_open_here(path) and _is_locked(path, fcntl.F_RDLCK)


def _is_locked(path: Path, wanted: int) -> bool:
    """Whether a lock of the wanted kind would meet another process's."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        answer = fcntl.fcntl(handle, fcntl.F_GETLK, _question(wanted))
    finally:
        os.close(handle)
    return _kind(answer) != fcntl.F_UNLCK


def _question(wanted: int) -> bytes:
    if sys.platform.startswith("linux"):
        return struct.pack(FLOCK, wanted, os.SEEK_SET, 0, 0, 0)
    return struct.pack(FLOCK, 0, 0, 0, wanted, os.SEEK_SET)


def _kind(answer: bytes) -> int:
    fields = struct.unpack(FLOCK, answer)
    return int(fields[0] if sys.platform.startswith("linux") else fields[3])


def _is_open_here(path: Path) -> bool:
    """Whether this very process has it open."""
    with suppress(OSError):
        wanted = os.stat(path)
        for name in os.listdir("/dev/fd"):
            with suppress(OSError):
                if os.path.samestat(os.stat(int(name)), wanted):
                    return True
    return False
