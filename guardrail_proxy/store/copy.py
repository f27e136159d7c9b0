"""COLD. A copy of the private database for readers: into a file that nobody reads any more, where there is one.

Between two publications little changes, but a whole new file is as much to write as all of history. So what differs is
written into an older generation instead. It loses its name first; whoever still has it open, or locks it meanwhile,
keeps it as it is, and a new file is written. The lock held here turns away who opened it and has not locked it yet.
"""

import fcntl
import os
import shutil
from contextlib import suppress
from pathlib import Path

from guardrail_proxy.durable import sync_file
from guardrail_proxy.store.holders import is_open

CHUNK = 1 << 18
"""A block of DuckDB's."""
SPARE_FROM_BYTES = 32 << 20
"""A smaller file is written whole: its room is worth more than the time."""


def copy_database(source: Path, target: Path, spare: Path | None) -> None:
    """Have what ``source`` holds in ``target``, 0600 and on disk. ``target`` is no file that a reader knows of."""
    target.unlink(missing_ok=True)
    if spare is None or not _rewrite(source, target, spare):
        target.unlink(missing_ok=True)
        shutil.copyfile(source, target)
    os.chmod(target, 0o600)
    sync_file(target)


def is_worth_keeping(path: Path) -> bool:
    """Whether a generation that nobody reads is large enough to be written into."""
    with suppress(OSError):
        return path.stat().st_size >= SPARE_FROM_BYTES
    return False


def _rewrite(source: Path, target: Path, spare: Path) -> bool:
    """Make the spare the target; False when it is not to be had."""
    try:
        os.rename(spare, target)
    except OSError:
        return False
    if is_open(target):  # asked without a descriptor of our own: closing one drops this process's locks
        return False
    handle = os.open(target, os.O_RDWR | os.O_CLOEXEC)
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _write_changes(source, handle)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def _write_changes(source: Path, target: int) -> None:
    """Both are read into the same room again and again: fresh memory for each block would cost more than reading."""
    wanted, found = bytearray(CHUNK), bytearray(CHUNK)
    with source.open("rb", buffering=0) as new, open(target, "rb", buffering=0, closefd=False) as old:
        os.ftruncate(target, os.fstat(new.fileno()).st_size)
        place = 0
        while count := new.readinto(wanted):
            if old.readinto(found) != count or found != wanted:
                _write(target, bytes(wanted[:count]), place)
            place += count


def _write(target: int, data: bytes, place: int) -> None:
    while data:
        written = os.pwrite(target, data, place)
        data, place = data[written:], place + written
