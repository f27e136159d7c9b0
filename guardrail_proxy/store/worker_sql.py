"""COLD. The workers' queries: one file each below ``workers/``, in the SQL that Spark speaks, too."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import duckdb

FOLDER = Path(__file__).parent / "workers"
Row = tuple[object, ...]
Span = tuple[datetime, datetime]
"""From the first moment on, and before the second one; UTC without a zone, as the store has it."""
TOUCHED = "SELECT bucket FROM base.touched WHERE worker = ? ORDER BY bucket"
FARTHEST = timedelta(days=1)


@cache
def worker_sql(name: str) -> str:
    """The query in ``workers/<name>.sql``."""
    return (FOLDER / f"{name}.sql").read_text("utf-8").strip()


def touched_spans(con: duckdb.DuckDBPyConnection, worker: str, step: timedelta) -> list[Span]:
    """The times whose sums have to be made again, those less than a day apart in one: few queries, each over little."""
    spans: list[Span] = []
    for (bucket,) in con.execute(TOUCHED, [worker]).fetchall():
        if spans and bucket - spans[-1][1] <= FARTHEST:
            spans[-1] = (spans[-1][0], bucket + step)
        else:
            spans.append((bucket, bucket + step))
    return spans


@contextmanager
def only_loaded(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let ``sessions`` and the like mean the tables alone: what waits in the spool touches its time when it comes."""
    con.execute("SET search_path = 'base'")
    try:
        yield
    finally:
        con.execute("SET search_path = 'main'")


def utc(seconds: float) -> datetime:
    """A moment as the store has it."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def rows_of(con: duckdb.DuckDBPyConnection, name: str, **values: object) -> list[dict[str, object]]:
    """The answer of ``workers/<name>.sql``, a row a dictionary."""
    con.execute(worker_sql(name), values or None)
    columns = [column[0] for column in con.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in con.fetchall()]
