"""COLD. One consistent copy of what is stored, as a tar file: the database, what waits in the spool, the recordings.

The private database is copied while the ingest lock is held, records and recordings only ever come: a record that is
in neither the copy's tables nor its spool was not there when the backup began.
"""

import io
import shutil
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import buckets
from guardrail_proxy.store.live import live
from guardrail_proxy.store.new_file import new_file

MARK = "guardrail-proxy-backup"
DATABASE = "db/live.duckdb"
CONFIG = "config.toml"


def back_up(home: Home, target: Path, said: Callable[[int], object]) -> int:
    """Write the backup, compressed by zstd where the name ends in .zst; return the number of files in it.

    ``said`` is told after each file. ConfigError when the target is there, GuardrailError without the program zstd.
    """
    count = 0
    with new_file(target) as temporary, _tar(temporary, is_zstd=target.suffix == ".zst") as tar:
        _add_bytes(tar, MARK, b"1\n")
        with live(home, wait=True) as con:
            assert con is not None
            con.execute("FORCE CHECKPOINT")
            con.close()
            files = [(DATABASE, home.root / DATABASE), *_small(home)]
            _add(tar, *files[0])
        said(1)
        for name, path in files[1:]:
            count += _add(tar, name, path)
            said(1)
    return count + 1


def size_of(home: Home) -> int:
    """About how many files a backup has."""
    return 1 + sum(1 for _ in _small(home))


def _small(home: Home) -> Iterator[tuple[str, Path]]:
    """Names in the archive and files: records, recordings, configuration. Those that sweeping takes are left out."""
    for _, folder in buckets(home.spool):
        yield from ((f"spool/{folder.name}/{path.name}", path) for path in sorted(folder.glob("*.json")))
    for path in sorted(home.outputs.glob("[0-9]*/*.cast.gz")):
        yield f"outputs/{path.parent.name}/{path.name}", path
    if home.config.exists():
        yield CONFIG, home.config


def _add(tar: tarfile.TarFile, name: str, path: Path) -> bool:
    try:
        with path.open("rb") as file:
            entry = _entry(name, path.stat().st_size)
            tar.addfile(entry, file)
    except FileNotFoundError:
        return False
    return True


def _add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    tar.addfile(_entry(name, len(data)), io.BytesIO(data))


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, int(time.time())
    return entry


@contextmanager
def _tar(path: Path, *, is_zstd: bool) -> Iterator[tarfile.TarFile]:
    with path.open("wb") as file:
        if not is_zstd:
            with tarfile.open(fileobj=file, mode="w|") as tar:
                yield tar
            return
        with zstd(["-q", "-c"], stdin=subprocess.PIPE, stdout=file) as process:
            assert process.stdin is not None
            with tarfile.open(fileobj=process.stdin, mode="w|") as tar:
                yield tar
            process.stdin.close()


@contextmanager
def zstd(words: list[str], *, stdin: int | IO[bytes], stdout: int | IO[bytes]) -> Iterator["subprocess.Popen[bytes]"]:
    """The program zstd at work; GuardrailError when it is not there or fails."""
    program = shutil.which("zstd")
    if program is None:
        raise GuardrailError("zstd is not on PATH: install the package 'zstd', or name a file that ends in .tar")
    process = subprocess.Popen([program, *words], stdin=stdin, stdout=stdout, stderr=subprocess.DEVNULL)
    try:
        yield process
        status = process.wait()
    except BaseException:
        process.kill()
        process.wait()
        raise
    if status:
        raise GuardrailError(f"zstd ended with status {status}: the disk is full, or the file is damaged")
