"""What asking costs, and what keeping sums costs, of made-up sessions: used by ``store.py``."""

import json
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from guardrail_proxy.config import Config
from guardrail_proxy.home import Home
from guardrail_proxy.store import generation
from guardrail_proxy.store.live import live, republish
from guardrail_proxy.store.query import connect
from guardrail_proxy.store.sums import replace_metrics
from guardrail_proxy.store.view import views
from guardrail_proxy.store.worker_sql import FOLDER
from guardrail_proxy.workers._due import AtHome
from guardrail_proxy.workers.ingest import IngestWorker
from guardrail_proxy.workers.metrics import MetricsWorker

HERE = Path(__file__).parent
QUERY = re.compile(r"^-- name: (.+)\n((?:[^-].*\n)+)", re.MULTILINE)
EXAMPLE = re.compile(r"^### ([\w()]+)\n\n[^\n]+\n\n```sql\n(.+?)\n```", re.MULTILINE | re.DOTALL)
TOUCH = """
INSERT INTO base.touched
SELECT DISTINCT 'metrics', date_trunc('minute', started_at)
FROM base.sessions
WHERE started_at > ?
"""
MINUTES = timedelta(minutes=5)
EVER = datetime(1970, 1, 1)  # noqa: DTZ001 # the store's times are UTC without a zone


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds on the clock and of CPU time, each the least that was seen: on a busy machine they differ."""

    wall: float
    cpu: float

    def __add__(self, other: "Took") -> "Took":
        return Took(self.wall + other.wall, self.cpu + other.cpu)


TIMES = ("started_at", "ended_at", "ts")
Times = dict[str, Took]
GROUPS = {
    "query": "the 15 queries",
    "worker": "queries of the workers",
    "example": "examples",
    "first 20": "first 20 rows",
}


def asked(home: Home) -> Times:
    """Each query, best of three: the fifteen, the workers' own, every example, and the first rows of every view."""
    con = connect(home)
    (now,) = con.execute("SELECT max(started_at) FROM sessions").fetchall()[0]
    values = {
        "now": now,
        "since": now - MINUTES,
        "until": now,
        "before": now - timedelta(days=59),
        "category": "honesty",
        "tool": "claude",
        "agent": "",
        "severity": "high",
    }
    found = [(f"query {name}", text) for name, text in QUERY.findall((HERE / "queries.sql").read_text())]
    found += [(f"worker {path.stem}", path.read_text()) for path in sorted(FOLDER.glob("*.sql"))]
    found += [(f"example {name}", text) for name, text in EXAMPLE.findall((HERE.parent / "docs/sql.md").read_text())]
    found += [(f"first 20 {view.name}", f"FROM {view.name} LIMIT 20") for view in views()]
    return {name: _asked(con, text, values) for name, text in found}


def _asked(con: duckdb.DuckDBPyConnection, text: str, values: dict[str, object]) -> Took:
    wanted = {name: value for name, value in values.items() if re.search(rf"\${name}\b", text)}
    return timed(lambda: con.execute(text, wanted or None).fetchall(), 3)


def kept(home: Home) -> Times:
    """Metrics of five minutes beside those of all time, by themselves and as a worker's whole run."""
    metrics = MetricsWorker(Config(), AtHome(home))
    with live(home, wait=True) as con:
        assert con is not None
        (now,) = con.execute("SELECT max(started_at) FROM base.sessions").fetchall()[0]
        recent, ever = _best([_summed(con, now - MINUTES) for _ in range(3)]), _summed(con, EVER)
        whole = timed(lambda: republish(con, home), 3)
        generation.GRACE_S = 0.0  # as when the one before was published more than its grace ago
        into_an_older_one = timed(lambda: republish(con, home), 4)
    return {
        "sums of five minutes": recent,
        "sums of all time": ever,
        "publishing, a new file": whole,
        "publishing, into an older file": into_an_older_one,
        "worker run, nothing new": _best([_run(metrics, None) for _ in range(3)]),
        "worker run, five minutes": _best([_run(metrics, now - MINUTES) for _ in range(3)]),
        "worker run, all time": _run(metrics, EVER),
    }


def loaded(home: Home) -> Took:
    """The ingester's whole run on what waits in the spool, for long enough: open, load, sums, publish."""
    for path in home.spool.glob("[0-9]*/*.json"):
        os.utime(path, (0, 0))
    return timed(lambda: IngestWorker(Config(), AtHome(home)).work(at_once=False))


def _best(seen: list[Took]) -> Took:
    return Took(min(one.wall for one in seen), min(one.cpu for one in seen))


def _summed(con: duckdb.DuckDBPyConnection, since: datetime) -> Took:
    con.execute(TOUCH, [since])
    return timed(lambda: replace_metrics(con))


def _run(worker: MetricsWorker, since: datetime | None) -> Took:
    if since is not None:
        with live(worker.home, wait=True) as con:
            assert con is not None
            con.execute(TOUCH, [since])
    return timed(lambda: worker.work(at_once=False))


def timed(work: Callable[[], object], times: int = 1) -> Took:
    """What it takes, the best of so many times."""
    seen = []
    for _ in range(times):
        began, cpu = time.perf_counter(), time.process_time()
        work()
        seen.append(((time.perf_counter() - began) * 1e3, (time.process_time() - cpu) * 1e3))
    return Took(*map(min, zip(*seen, strict=True)))


def moved(value: object, by: timedelta) -> object:
    """A record whose session was at another time."""
    if isinstance(value, list):
        return [moved(item, by) for item in value]
    if not isinstance(value, dict):
        return value
    times = {key: str(datetime.fromisoformat(value[key]) + by) for key in TIMES if value.get(key)}
    return {**{key: moved(item, by) for key, item in value.items()}, **times}


def of_now(data: bytes) -> bytes:
    """The record as of a session that has just ended."""
    record = json.loads(data)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    record = moved(record, now - datetime.fromisoformat(record["started_at"]))
    assert isinstance(record, dict)
    return json.dumps({**record, "day": str(now.date())}).encode()
