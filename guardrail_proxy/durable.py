"""WARM. Files that are on disk, whole, before anybody sees them. Loads ``os`` alone: a sidecar's start pays for it."""

import os

Place = str | os.PathLike[str]


def write_durably(path: Place, data: bytes) -> None:
    """Create the file, 0600, with all of the data on disk."""
    handle = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_durably(path: Place, data: bytes) -> None:
    """Have the data under that name, on disk, in one step: what was there before, or all of it.

    For one writer at a time.
    """
    new = f"{os.fspath(path)}.new"
    write_durably(new, data)
    os.rename(new, path)
    sync_folder(os.path.dirname(new))


def sync_file(path: Place) -> None:
    """Make what a file holds durable."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Place) -> None:
    """Make the names in a folder durable."""
    sync_file(folder or ".")
