"""COLD. A file that is there whole or not at all: temporary name, fsync, rename; private unless told otherwise."""

import contextlib
import os
from pathlib import Path


def replace_file(path: Path, data: bytes, permissions: int = 0o600) -> None:
    """Put ``data`` at ``path`` in one step; a symlink there is written through.

    OSError when the folder cannot be written.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        _write(temporary, data, permissions)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def private_folder(path: Path) -> None:
    """Make a folder (and what is missing above it) that only its owner can enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.stat().st_mode & 0o077:
        path.chmod(0o700)


def _write(path: Path, data: bytes, permissions: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(descriptor, permissions)
        with os.fdopen(descriptor, "wb", closefd=False) as out:
            out.write(data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
