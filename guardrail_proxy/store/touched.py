"""COLD. Which times' sums have to be made again: noted in the transaction in which sessions come or go."""

import duckdb

TOUCH = """
INSERT INTO base.touched
SELECT *
FROM (
    SELECT 'metrics' AS worker, date_trunc('minute', started_at) AS bucket
    FROM base.sessions
    WHERE session_id IN (SELECT session_id FROM chosen) AND day IN (SELECT day FROM chosen)
    UNION
    SELECT 'analysis' AS worker, date_trunc('hour', ts) AS bucket
    FROM base.failures
    WHERE session_id IN (SELECT session_id FROM chosen) AND day IN (SELECT day FROM chosen) AND ts IS NOT NULL
)
EXCEPT
SELECT worker, bucket
FROM base.touched
"""


def touch(con: duckdb.DuckDBPyConnection, chosen: str) -> None:
    """Note the minutes and hours of the sessions (session_id, day) in a temporary table of that name."""
    con.execute(TOUCH.replace("chosen", chosen))
