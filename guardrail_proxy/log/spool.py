"""WARM. The spool: one file a finished session, complete and on disk before it has a name in a bucket.

The bucket to write to is a counter that the ingester advances, never the clock. Writers hold ``spool/lock`` shared from
reading the counter until the file has its name; the ingester holds it exclusively while it advances. So no file ever
appears in a bucket that was closed.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from guardrail_proxy.durable import sync_folder, write_durably

FIRST_BUCKET = 1


def bucket_name(number: int) -> str:
    """The folder of a bucket: eight digits, so that names sort and a few glob patterns say "from this one on"."""
    return f"{number:08d}"


def buckets(spool: Path) -> list[tuple[int, Path]]:
    """Every bucket there is, oldest first."""
    with suppress(FileNotFoundError):
        return sorted((int(p.name), p) for p in spool.iterdir() if p.name.isdecimal() and len(p.name) == 8)
    return []


def current_bucket(spool: Path) -> int:
    """The bucket that writers write to. A counter that cannot be read is the newest bucket there is."""
    with suppress(FileNotFoundError, ValueError):
        return int((spool / "current").read_text("ascii"))
    return max((number for number, _ in buckets(spool)), default=FIRST_BUCKET)


def current_folder(spool: Path) -> Path:
    """The folder of that bucket; it need not be there yet."""
    return spool / bucket_name(current_bucket(spool))


def find_record(spool: Path, session_id: str) -> Path | None:
    """The record of a session, if the spool holds one."""
    found = (folder / f"{session_id}.json" for _, folder in buckets(spool))
    return next((path for path in found if path.exists()), None)


def put_record(spool: Path, session_id: str, data: bytes) -> Path:
    """Give the record its name in the current bucket, once; return its path."""
    make_private(spool)
    temporary = spool / f".{session_id}.{os.getpid()}.tmp"
    try:
        write_durably(temporary, data)
        with spool_lock(spool, fcntl.LOCK_SH):
            known = find_record(spool, session_id)
            return known or _place(temporary, spool, session_id)
    finally:
        temporary.unlink(missing_ok=True)


def _place(temporary: Path, spool: Path, session_id: str) -> Path:
    folder = current_folder(spool)
    if make_private(folder):
        sync_folder(spool)
    path = folder / f"{session_id}.json"
    os.rename(temporary, path)
    sync_folder(folder)
    return path


@contextmanager
def spool_lock(spool: Path, how: int) -> Iterator[None]:
    """Hold the spool's lock: shared to place a file, exclusive to advance the counter. BlockingIOError with LOCK_NB."""
    handle = os.open(spool / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, how)
        yield
    finally:
        os.close(handle)


def make_private(folder: Path) -> bool:
    """Make the folder and the missing ones above it, each 0700; True when it was not there."""
    if folder.exists():
        return False
    make_private(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    return True
