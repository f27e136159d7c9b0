"""COLD. Reads what somebody else may have made: records in JSON lines or Parquet, bounded in every direction."""

import gzip
import os
import shutil
import stat
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import duckdb

from guardrail_proxy.errors import ConfigError, GuardrailError
from guardrail_proxy.escape import one_line
from guardrail_proxy.store.spooled import literals

MOST_BYTES = 2 << 30
"""Of a whole file, unpacked."""
MOST_RECORD_BYTES = 32 << 20
MOST_RECORDS = 1_000_000
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "1GB",
    "threads": "1",
    "temp_directory": "",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
SIZES = "SELECT coalesce(sum(num_rows), 0) FROM parquet_file_metadata(?)"
UNPACKED = "SELECT coalesce(sum(total_uncompressed_size), 0) FROM parquet_metadata(?)"
RECORDS = "SELECT CAST(to_json(r) AS VARCHAR) FROM read_parquet(?) AS r"


class ForeignError(GuardrailError):
    """A file cannot be read as an export, or it is larger than any of ours."""


def foreign_records(path: Path) -> Iterator[str]:
    """The JSON text of each record, not looked into yet. ForeignError as soon as a bound is met."""
    total = 0
    for number, text in enumerate(_texts(path), 1):
        total += len(text)
        if number > MOST_RECORDS or total > MOST_BYTES:
            raise ForeignError(f"'{path}' holds more than {MOST_RECORDS} records or {MOST_BYTES} bytes, unpacked")
        if text.strip():
            yield text.decode("utf-8", "replace")


def _texts(path: Path) -> Iterator[bytes]:
    with _opened(path) as file:
        start = file.read(4)
        file.seek(0)
        try:
            if start == b"PAR1":
                yield from _parquet(file, path)
            elif start[:2] == b"\x1f\x8b":
                with gzip.open(file, "rb") as unpacked:
                    yield from _lines(unpacked, path)
            else:
                yield from _lines(file, path)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ForeignError(f"'{path}' is damaged: {error}") from error
        except (duckdb.Error, MemoryError) as error:
            raise ForeignError(f"cannot read '{path}': {one_line(str(error), 300)}") from error


def _opened(path: Path) -> BinaryIO:
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise ConfigError(f"cannot read '{path}': {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise ConfigError(f"cannot read '{path}': it is no file")
    return os.fdopen(handle, "rb")


def _lines(file: BinaryIO | gzip.GzipFile, path: Path) -> Iterator[bytes]:
    while line := file.readline(MOST_RECORD_BYTES + 1):
        if len(line) > MOST_RECORD_BYTES:
            raise ForeignError(f"'{path}' has a line of more than {MOST_RECORD_BYTES} bytes")
        yield line


def _parquet(file: BinaryIO, path: Path) -> Iterator[bytes]:
    """From a copy of our own: its name has nothing special, and nobody changes it between two looks."""
    if os.fstat(file.fileno()).st_size > MOST_BYTES:
        raise ForeignError(f"'{path}' is larger than {MOST_BYTES} bytes")
    with tempfile.TemporaryDirectory(prefix="guardrail-proxy-") as folder:
        copy = Path(folder) / "import.parquet"
        with copy.open("wb") as out:
            shutil.copyfileobj(file, out)
        with duckdb.connect(config=CONFIG) as con:
            con.execute(f"SET allowed_paths = {literals([str(copy)])}")
            con.execute("SET enable_external_access = false")
            con.execute("SET lock_configuration = true")
            yield from _rows(con, copy, path)


def _rows(con: duckdb.DuckDBPyConnection, copy: Path, path: Path) -> Iterator[bytes]:
    sizes = [con.execute(query, [str(copy)]).fetchall()[0][0] for query in (SIZES, UNPACKED)]
    if sizes[0] > MOST_RECORDS or sizes[1] > MOST_BYTES:
        raise ForeignError(f"'{path}' says it holds {sizes[0]} rows and {sizes[1]} bytes: too much")
    con.execute(RECORDS, [str(copy)])
    while rows := con.fetchmany(100):
        for (text,) in rows:
            data = str(text).encode("utf-8", "replace")
            if len(data) > MOST_RECORD_BYTES:
                raise ForeignError(f"'{path}' has a row of more than {MOST_RECORD_BYTES} bytes")
            yield data
