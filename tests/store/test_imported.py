"""What answers a question is about sessions of this machine; imported ones are in the tables, for who asks there."""

import json
from collections.abc import Callable

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import find_record
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.sums import replace_metrics
from guardrail_proxy.store.trends import analyse
from guardrail_proxy.store.worker_sql import utc

LogOne = Callable[..., str]
ANSWERS = ("lies", "risky_commands", "top_failures", "commits", "days")
SUMS = ("metrics", "metric_top", "failure_trend", "insights")
TABLES = ("sessions", "failures", "commands")
pytestmark = pytest.mark.slow


def rewrite(home: Home, session_id: str, origin: str) -> None:
    """Let the record that waits in the spool say something for every view."""
    path = find_record(home.spool, session_id)
    assert path is not None
    record = json.loads(path.read_bytes())
    risky = {"seq": 0, "command": "rm -rf /", "risk": "critical", "denied": False}
    path.write_text(
        json.dumps({**record, "origin": origin, "head_before": "a", "head_after": "b", "commands": [risky]})
    )


def counts(home: Home, names: tuple[str, ...]) -> list[int]:
    return [int(str(ask(home, f"SELECT count(*) FROM {name}").rows[0][0])) for name in names]


@pytest.mark.parametrize(("origin", "answers"), [("shim", 1), ("api", 1), ("import", 0)])
def test_only_the_tables_show_imported_sessions(home: Home, log_one: LogOne, origin: str, answers: int) -> None:
    rewrite(home, log_one(failures=10), origin)
    said = []
    for _ in ("in the spool", "loaded"):
        said.append((counts(home, ANSWERS), counts(home, TABLES)))
        ingest(home)
    lies = 10 * answers
    assert said == [([lies, answers, answers, answers, answers], [1, 10, 1])] * 2


@pytest.mark.parametrize(("origin", "rows"), [("shim", 1), ("import", 0)])
def test_no_sum_trend_or_insight_counts_imported_sessions(home: Home, log_one: LogOne, origin: str, rows: int) -> None:
    rewrite(home, log_one(failures=10), origin)
    ingest(home, refresh=(replace_metrics, lambda con: analyse(con, utc(0))))
    assert counts(home, SUMS) == [rows] * 4


def test_who_asks_for_imported_ones_gets_them(home: Home, log_one: LogOne) -> None:
    rewrite(home, log_one(failures=2), "import")
    query = "SELECT count(*) FROM failures JOIN sessions USING (session_id, day) WHERE origin = 'import'"
    assert ask(home, query).rows == [(2,)]
