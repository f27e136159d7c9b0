"""The sums are those of the stored sessions, and only what changed is made again."""

import pytest

from guardrail_proxy.config import Config
from guardrail_proxy.config.models import Features
from guardrail_proxy.store.live import live, republish
from guardrail_proxy.store.removal import remove_sessions
from guardrail_proxy.store.sums import replace_metrics

from .conftest import NOON, Stage

pytestmark = pytest.mark.slow
NOTHING = "looked at 0 hours, 0 new insights, 0 closed"
SUMS = """
SELECT CAST(bucket AS VARCHAR), tool, agent, sessions, completed, failed, crashed, chat_only, ok, failures,
    duration_ms_avg, success_rate
FROM metrics ORDER BY ALL
"""


def test_outcomes_are_kept_apart_by_minute_tool_and_agent(stage: Stage) -> None:
    stage.log((NOON,), seconds=1)
    stage.log(seconds=3, outcome="failed")
    stage.log(seconds=None, outcome="crashed")
    stage.log(outcome="chat-only", meta={"agent": "security"})
    stage.log(cli="codex", started=NOON + 60)
    stage.ingest()
    assert stage.run("metrics") == "brought 2 minutes up to date"
    assert stage.rows(SUMS) == [
        ("2026-11-21 12:00:00", "claude", "", 3, 1, 1, 1, 0, 1, 1, 2000.0, pytest.approx(1 / 3)),
        ("2026-11-21 12:00:00", "claude", "security", 1, 0, 0, 0, 1, 0, 0, 2000.0, 0.0),
        ("2026-11-21 12:01:00", "codex", "", 1, 1, 0, 0, 0, 1, 0, 2000.0, 1.0),
    ]


def test_imported_sessions_are_left_out(stage: Stage) -> None:
    stage.log((NOON,), meta={"origin": "import"})
    stage.ingest()
    stage.run("metrics")
    assert stage.rows("SELECT * FROM metrics") + stage.rows("SELECT * FROM metric_top") == []


def test_the_most_frequent_findings_of_each_hour_are_ranked(stage: Stage) -> None:
    stage.log((NOON, NOON))
    stage.log((NOON,), cli="codex")
    stage.log((NOON + 3600,), started=NOON + 3600)
    stage.ingest()
    stage.run("metrics")
    top = stage.rows("SELECT CAST(bucket AS VARCHAR), kind, id, tool, n, rank FROM metric_top ORDER BY ALL")
    assert top == [
        ("2026-11-21 12:00:00", "failure", "honesty/x", "claude", 2, 1),
        ("2026-11-21 12:00:00", "failure", "honesty/x", "codex", 1, 2),
        ("2026-11-21 13:00:00", "failure", "honesty/x", "claude", 1, 1),
    ]


def test_only_the_minutes_that_changed_are_made_again_and_the_sums_are_those_of_a_rebuild(stage: Stage) -> None:
    for minute in (0, 1, 60, 5000):
        stage.log((NOON,), started=NOON + 60 * minute)
    stage.ingest()
    stage.run("metrics")
    late = stage.log(started=NOON + 61)
    stage.ingest()
    assert stage.run("metrics") == "brought 1 minutes up to date"
    with live(stage.home, wait=True) as con:
        assert con is not None
        remove_sessions(con, stage.home, [late])
        assert replace_metrics(con) == 1
        republish(con, stage.home)
    stepwise = (stage.rows(SUMS), stage.rows("SELECT * FROM metric_top ORDER BY ALL"))
    with live(stage.home, wait=True) as con:
        assert con is not None
        con.execute("DELETE FROM base.metrics; DELETE FROM base.metric_top")
        con.execute(
            "INSERT INTO base.touched SELECT DISTINCT 'metrics', date_trunc('minute', started_at) FROM base.sessions"
        )
        replace_metrics(con)
        republish(con, stage.home)
    assert (stage.rows(SUMS), stage.rows("SELECT * FROM metric_top ORDER BY ALL")) == stepwise


def test_without_new_sessions_nothing_is_written_and_nothing_published(stage: Stage) -> None:
    stage.log()
    stage.ingest()
    stage.run("metrics")
    before = stage.home.database.readlink()
    assert stage.run("metrics") == "up to date"
    assert stage.home.database.readlink() == before


def test_the_ingester_brings_the_sums_of_what_it_loads_with_it_in_one_publication(stage: Stage) -> None:
    stage.log((NOON,) * 10)
    stage.run("ingest")
    published = stage.home.database.readlink()
    assert len(stage.rows(SUMS)) == len(stage.rows("SELECT * FROM insights")) == 1
    assert (stage.run("metrics"), stage.run("analysis")) == ("up to date", NOTHING)
    assert stage.home.database.readlink() == published


def test_sums_that_nobody_wants_are_not_made(stage: Stage) -> None:
    stage.config = Config(features=Features(metrics_worker=False, analysis_worker=False))
    stage.log((NOON,) * 10)
    stage.run("ingest")
    assert stage.rows(SUMS) + stage.rows("SELECT * FROM failure_trend") == []


def test_a_minute_whose_last_session_was_removed_has_no_row(stage: Stage) -> None:
    one = stage.log((NOON,))
    stage.ingest()
    stage.run("metrics")
    with live(stage.home, wait=True) as con:
        assert con is not None
        remove_sessions(con, stage.home, [one])
    stage.run("metrics")
    assert stage.rows("SELECT * FROM metrics") + stage.rows("SELECT * FROM metric_top") == []
