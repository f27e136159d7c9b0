"""COLD. Sums that follow the sessions: only the minutes and hours in which one came or went are made again."""

from datetime import timedelta

import duckdb

from guardrail_proxy.store.worker_sql import Span, only_loaded, touched_spans, worker_sql

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def replace_metrics(con: duckdb.DuckDBPyConnection) -> int:
    """Make ``metrics`` and ``metric_top`` say what the sessions say; return how many minutes were made again."""
    spans = touched_spans(con, "metrics", MINUTE)
    if not spans:
        return 0
    con.begin()
    with only_loaded(con):
        for since, until in spans:
            hours = (since.replace(minute=0), (until - MINUTE).replace(minute=0) + HOUR)
            _replace(con, "metrics", (since, until), "bucket")
            _replace(con, "metric_top", hours, "date_trunc('hour', bucket)")
    minutes = _forget(con, "metrics")
    con.commit()
    return minutes


def replace_trend(con: duckdb.DuckDBPyConnection, spans: list[Span]) -> None:
    """Make ``failure_trend`` say what the failures of these times say, within the caller's transaction."""
    for span in spans:
        _replace(con, "failure_trend", span, "bucket", worker="analysis")


def forget_touched(con: duckdb.DuckDBPyConnection, worker: str) -> int:
    """Nothing has to be made again for this worker; return how many times there were."""
    return _forget(con, worker)


def _replace(con: duckdb.DuckDBPyConnection, table: str, span: Span, bucket: str, *, worker: str = "metrics") -> None:
    touched = f"IN (SELECT {bucket} FROM base.touched WHERE worker = '{worker}')"  # noqa: S608 # our own names
    since, until = span
    con.execute(f"DELETE FROM base.{table} WHERE bucket >= ? AND bucket < ? AND bucket {touched}", [since, until])  # noqa: S608
    query = f"INSERT INTO base.{table} BY NAME SELECT * FROM ({worker_sql(table)}) WHERE bucket {touched}"  # noqa: S608
    con.execute(query, {"since": since, "until": until})


def _forget(con: duckdb.DuckDBPyConnection, worker: str) -> int:
    rows = con.execute("DELETE FROM base.touched WHERE worker = ? RETURNING bucket", [worker]).fetchall()
    return len(rows)
