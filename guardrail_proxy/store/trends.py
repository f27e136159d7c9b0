"""COLD. What the analysis worker finds: the trend of failures, and times with many of one kind (spikes)."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from guardrail_proxy.escape import one_line
from guardrail_proxy.store.sums import HOUR, forget_touched, replace_trend
from guardrail_proxy.store.worker_sql import Span, only_loaded, touched_spans, worker_sql

Kind = tuple[str, str, str, str]
"""Category, tool, agent, severity; '' for none."""
NAMES = ("category", "tool", "agent", "severity")
KNOWN = """
SELECT insight_id, n, window_start, window_end, closed_at IS NULL
FROM base.insights
WHERE kind = 'spike' AND coalesce(category, '') = ? AND coalesce(tool, '') = ? AND coalesce(agent, '') = ?
AND coalesce(severity, '') = ? AND window_start <= ? AND window_end >= ?
ORDER BY window_start
LIMIT 1
"""
INSERT = """
INSERT INTO base.insights BY NAME
SELECT CAST(? AS UUID) AS insight_id, ? AS created_at, ? AS window_start, ? AS window_end, 'spike' AS kind,
    ? AS category, ? AS tool, ? AS agent, ? AS severity, ? AS n, ? AS baseline, ? AS message
"""
LONGER = """
UPDATE base.insights
SET n = ?, window_start = ?, window_end = ?, closed_at = NULL
WHERE insight_id = ?
"""
CLOSE = """
UPDATE base.insights
SET closed_at = window_end + INTERVAL '1 hour'
WHERE closed_at IS NULL AND kind = 'spike' AND window_end + INTERVAL '1 hour' <= ?
RETURNING insight_id
"""


@dataclass(frozen=True, slots=True)
class Spike:
    """A time in which each hour had ten failures of one kind or more."""

    kind: Kind
    first: datetime
    """When there were ten within an hour."""
    last: datetime
    n: int
    """The most within an hour."""


@dataclass(frozen=True, slots=True)
class Analysed:
    """What an analysis changed."""

    hours: int = 0
    said: int = 0
    closed: int = 0

    def __bool__(self) -> bool:
        return bool(self.hours or self.said or self.closed)


def analyse(con: duckdb.DuckDBPyConnection, now: datetime) -> Analysed:
    """Bring ``failure_trend`` and ``insights`` up to date, in one transaction.

    Every hour that got a failure since the last time is looked at, however late it came, so that no spike is missed;
    one that is known is made longer, not said again.
    """
    con.begin()
    spans = touched_spans(con, "analysis", HOUR)
    with only_loaded(con):
        replace_trend(con, spans)
        said = sum(_say(con, spike, now) for span in spans for spike in _spikes(con, span))
    hours = forget_touched(con, "analysis") if spans else 0
    closed = len(con.execute(CLOSE, [now]).fetchall())
    con.commit()
    return Analysed(hours, said, closed)


def _spikes(con: duckdb.DuckDBPyConnection, span: Span) -> list[Spike]:
    """A failure may be the one too many for whatever comes within the hour after it."""
    rows = con.execute(worker_sql("spikes"), {"since": span[0], "until": span[1] + HOUR}).fetchall()
    return [Spike(_kind(row[:4]), row[4], row[5], row[6]) for row in rows]


def _say(con: duckdb.DuckDBPyConnection, spike: Spike, now: datetime) -> bool:
    """Record a spike; whether it is a new one."""
    row = con.execute(KNOWN, [*spike.kind, spike.last, spike.first - HOUR]).fetchone()
    if row is not None:
        known, n, start, end, lasts = row
        now_known = (max(n, spike.n), min(start, spike.first - HOUR), max(end, spike.last))
        if not lasts or now_known != (n, start, end):
            con.execute(LONGER, [*now_known, known])
        return False
    baseline = _baseline(con, spike)
    values = [uuid.uuid4().hex, now, spike.first - HOUR, spike.last, *spike.kind, spike.n, baseline]
    con.execute(INSERT, [*values, message(spike, baseline)])
    return True


def _baseline(con: duckdb.DuckDBPyConnection, spike: Spike) -> float:
    until = spike.first - timedelta(hours=1)
    row = con.execute(worker_sql("baseline"), {"until": until, **dict(zip(NAMES, spike.kind, strict=True))}).fetchone()
    assert row is not None
    return round(float(row[0]), 4)


def message(spike: Spike, baseline: float) -> str:
    """The insight's sentence."""
    category, tool, agent, severity = (one_line(word, 60) for word in spike.kind)
    who = f"by {tool} as {agent}" if agent else f"by {tool}"
    return (
        f"{spike.n} failures of {category} ({severity}) {who} within an hour; an hour of the week before: {baseline:g}"
    )


def _kind(row: tuple[object, ...]) -> Kind:
    category, tool, agent, severity = (str(word or "") for word in row)
    return category, tool, agent, severity
