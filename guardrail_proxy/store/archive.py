"""COLD. What retention removes, kept as Parquet: each session once, and on disk before anything of it is deleted.

A day's sessions may go in several sweeps, so a day may have several files: ``2026-10-01.parquet``,
``2026-10-01.2.parquet``. What a file holds already is never written again: a sweep that was killed after it wrote, and
before it deleted, is made up for by the next one.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.escape import one_line
from guardrail_proxy.log.spool import make_private
from guardrail_proxy.store.new_file import new_file
from guardrail_proxy.store.spooled import CHILD_TABLES, glob_path
from guardrail_proxy.store.whole import whole_query

NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\d{1,6})?\.parquet")
MOST_TOGETHER = 5000
"""Sessions in one file."""
DAYS = """
SELECT CAST(day AS VARCHAR), list(CAST(session_id AS VARCHAR) ORDER BY started_at, session_id)
FROM sessions
WHERE session_id IN (SELECT CAST(unnest(CAST(? AS VARCHAR[])) AS UUID))
GROUP BY day
ORDER BY day
"""


class ArchiveError(GuardrailError):
    """The archive cannot be written or read: nothing may be removed."""


def archive_sessions(con: duckdb.DuckDBPyConnection, folder: Path, ids: Sequence[str]) -> int:
    """Have these sessions of the private database in the folder, on disk; return how many were not there before.

    The files are those of ``export --format parquet``: one row a session, redacted as it is stored, no recordings.
    """
    try:
        make_private(folder)
        return sum(_write(con, folder, day, chunk) for day, chunk in _missing(con, folder, ids))
    except (duckdb.Error, OSError, GuardrailError) as error:
        raise ArchiveError(
            f"nothing was removed, the archive '{folder}' failed: {one_line(str(error), 300)}"
        ) from error


def _missing(con: duckdb.DuckDBPyConnection, folder: Path, ids: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    for day, names in con.execute(DAYS, [list(ids)]).fetchall():
        known = _archived(con, folder, day)
        left = [name for name in names if name not in known]
        yield from ((day, left[start : start + MOST_TOGETHER]) for start in range(0, len(left), MOST_TOGETHER))


def _archived(con: duckdb.DuckDBPyConnection, folder: Path, day: str) -> set[str]:
    """Ids in that day's files."""
    files = [path for path in folder.iterdir() if (match := NAME.fullmatch(path.name)) and match[1] == day]
    if not files:
        return set()
    query = "SELECT CAST(session_id AS VARCHAR) FROM read_parquet(?, union_by_name = true)"
    return {name for (name,) in con.execute(query, [[glob_path(path) for path in files]]).fetchall()}


def _write(con: duckdb.DuckDBPyConnection, folder: Path, day: str, ids: Sequence[str]) -> int:
    query = whole_query({table: _columns(con, table) for table in CHILD_TABLES})
    with new_file(_free_name(folder, day)) as temporary:
        con.sql(query, params=[list(ids)]).write_parquet(str(temporary), compression="zstd")
        row = con.execute("SELECT count(*) FROM read_parquet(?)", [glob_path(temporary)]).fetchone()
        if row != (len(ids),):
            raise ArchiveError(f"{day}: {len(ids)} sessions went in, and {row} can be read")
    return len(ids)


def _free_name(folder: Path, day: str) -> Path:
    path, number = folder / f"{day}.parquet", 1
    while path.exists():
        number += 1
        path = folder / f"{day}.{number}.parquet"
    return path


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [str(name) for name, *_ in con.execute(f"DESCRIBE {table}").fetchall()]
