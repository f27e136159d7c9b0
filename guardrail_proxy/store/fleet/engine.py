"""COLD. For whoever asks the fleet with an engine: which files count, and the workers' queries with values in them."""

import re
from datetime import datetime

from guardrail_proxy.store.fleet.manifest import file_path, read_days
from guardrail_proxy.store.fleet.target import Target
from guardrail_proxy.store.spooled import literal
from guardrail_proxy.store.worker_sql import worker_sql

NAME = re.compile(r"\$([a-z_]{1,40})")
LOCAL_QUERIES = frozenset({"expired", "last_insights"})
"""Workers' queries about what only one machine knows: what it pinned, and what it said."""


def fleet_files(target: Target) -> dict[str, list[str]]:
    """Table -> the Parquet files to read, oldest day first."""
    tables: dict[str, list[str]] = {}
    for day in read_days(target):
        for part in day.parts:
            for table in part.rows:
                tables.setdefault(table, []).append(target.location(file_path(table, day.day, part.path)))
    return tables


def worker_query(name: str, **values: datetime | str) -> str:
    """A worker's query as it is, with these values written into it."""
    return written(worker_sql(name), **values)


def written(query: str, **values: datetime | str) -> str:
    """The query, each ``$name`` in it replaced by that value as a literal. KeyError without one."""
    return NAME.sub(lambda match: _literal(values[match[1]]), query)


def _literal(value: datetime | str) -> str:
    """In the SQL of both engines."""
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value.isoformat(' ')}'"
    return literal(value)
