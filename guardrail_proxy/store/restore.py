"""COLD. A backup back into an empty home. The file may be anybody's: only names that a backup has, only plain files."""

import re
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from guardrail_proxy.errors import ConfigError, GuardrailError
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import make_private
from guardrail_proxy.store.backup import MARK, zstd
from guardrail_proxy.store.live import live, republish
from guardrail_proxy.store.schema import StoreError

ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
NAMES = re.compile(
    rf"db/live\.duckdb|config\.toml|spool/\d{{8}}/{ID}\.json|outputs/\d{{4}}-\d{{2}}-\d{{2}}/{ID}\.cast\.gz"
)
MOST_BYTES = 64 << 30
MOST_FILES = 3_000_000
MOST_SMALL_BYTES = 1 << 30
"""Of any file but the database."""
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class RestoreError(GuardrailError):
    """A file is no backup of ours."""


def restore(home: Home, source: Path, said: Callable[[int], object]) -> int:
    """Unpack the backup and publish it; return the number of files. The home stays as it was when anything is wrong.

    ConfigError when the home is not empty, RestoreError for what no backup of ours holds.
    """
    if home.root.exists() and any(home.root.iterdir()):
        raise ConfigError(f"'{home.root}' is not empty: restore into another home, by GUARDRAIL_HOME")
    make_private(home.root.parent)
    new = Home(home.root.parent / f".{home.root.name}.restoring")
    try:
        new.root.mkdir(mode=0o700)
        count = _unpack(source, new.root, said)
        new.root.rename(home.root)
    except OSError as error:
        raise GuardrailError(f"cannot restore '{source}': {error.strerror or error}") from error
    except (tarfile.TarError, EOFError) as error:
        raise RestoreError(f"'{source}' is damaged, or no backup: {one_line(str(error))}") from error
    finally:
        shutil.rmtree(new.root, ignore_errors=True)
    _publish(home, source)
    return count


def _publish(home: Home, source: Path) -> None:
    """Make the views anew: the file's own are never asked anything, and name paths of another machine."""
    try:
        with live(home, wait=True) as con:
            assert con is not None
            republish(con, home, anew=True)
    except (duckdb.Error, StoreError) as error:
        shutil.rmtree(home.root, ignore_errors=True)
        raise RestoreError(f"the database in '{source}' cannot be used: {one_line(str(error), 300)}") from error


def _unpack(source: Path, root: Path, said: Callable[[int], object]) -> int:
    total, count = 0, 0
    with _opened(source) as tar:
        first = tar.next()
        if first is None or first.name != MARK:
            raise RestoreError(f"'{source}' is no backup that guardrail-proxy made")
        for entry in tar:
            total, count = total + entry.size, count + 1
            _check(entry, source)
            if total > MOST_BYTES or count > MOST_FILES:
                raise RestoreError(f"'{source}' unpacks to more than {MOST_BYTES} bytes or {MOST_FILES} files")
            _write(tar, entry, root / entry.name)
            said(1)
    if not (root / "db/live.duckdb").exists():
        raise RestoreError(f"'{source}' holds no database")
    return count


def _check(entry: tarfile.TarInfo, source: Path) -> None:
    if entry.name == MARK:
        return
    if not NAMES.fullmatch(entry.name) or entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or entry.issparse():
        raise RestoreError(f"'{source}' holds '{one_line(entry.name)}', which is no file of a backup")
    if entry.size > MOST_SMALL_BYTES and not entry.name.startswith("db/"):
        raise RestoreError(f"'{one_line(entry.name)}' in '{source}' is larger than {MOST_SMALL_BYTES} bytes")


def _write(tar: tarfile.TarFile, entry: tarfile.TarInfo, path: Path) -> None:
    """A new file, always: a second one of the same name is no backup of ours."""
    data = tar.extractfile(entry)
    assert data is not None
    make_private(path.parent)
    with path.open("xb") as out:
        path.chmod(0o600)
        shutil.copyfileobj(data, out, 1 << 20)


@contextmanager
def _opened(source: Path) -> Iterator[tarfile.TarFile]:
    try:
        file = source.open("rb", buffering=0)  # zstd goes on where we stopped reading
    except OSError as error:
        raise ConfigError(f"cannot read '{source}': {error.strerror}") from error
    with file:
        is_zstd = file.read(4) == ZSTD_MAGIC
        file.seek(0)
        if not is_zstd:
            with tarfile.open(fileobj=file, mode="r|") as tar:
                yield tar
            return
        words = ["-q", "-d", "-c", "--memory=256MB"]
        with zstd(words, stdin=file, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            with process.stdout, tarfile.open(fileobj=process.stdout, mode="r|") as tar:
                yield tar
                while process.stdout.read(1 << 16):  # what follows the end of the archive
                    pass
