"""Trends and spikes: ten within an hour are a spike, always, said once, and over when they are."""

import json

import pytest

from .conftest import NOON, Stage

pytestmark = pytest.mark.slow
TREND = "SELECT CAST(bucket AS VARCHAR), category, tool, agent, severity, n FROM failure_trend ORDER BY ALL"
SPIKES = (
    "SELECT category, tool, agent, severity, n, baseline, closed_at IS NULL FROM insights ORDER BY created_at, tool"
)
HOUR = 3600.0


def many(count: int, *, at: float = NOON) -> tuple[float, ...]:
    return tuple(at + number for number in range(count))


def analysed(stage: Stage) -> str:
    stage.ingest()
    return stage.run("analysis")


def test_the_trend_counts_failures_by_hour_and_kind(stage: Stage) -> None:
    stage.log((NOON, NOON + 1, NOON + HOUR))
    stage.log((NOON,), cli="codex", meta={"agent": "security"})
    stage.log((NOON,), meta={"origin": "import"})
    analysed(stage)
    assert stage.rows(TREND) == [
        ("2026-11-21 12:00:00", "honesty", "claude", "", "high", 2),
        ("2026-11-21 12:00:00", "honesty", "codex", "security", "high", 1),
        ("2026-11-21 13:00:00", "honesty", "claude", "", "high", 1),
    ]


@pytest.mark.parametrize(("count", "spikes"), [(9, 0), (10, 1), (30, 1)])
def test_ten_are_a_spike_and_nine_are_none(stage: Stage, count: int, spikes: int) -> None:
    stage.log(many(count))
    stage.at = NOON + 60
    analysed(stage)
    assert [row[4] for row in stage.rows(SPIKES)] == [count] * spikes


def test_a_spike_has_its_baseline_beside_it(stage: Stage) -> None:
    stage.log(many(4, at=NOON - 100 * HOUR), started=NOON - 100 * HOUR)
    stage.log(many(12))
    stage.at = NOON + 60
    analysed(stage)
    assert stage.rows(SPIKES) == [("honesty", "claude", "", "high", 12, round(4 / 168, 4), True)]
    assert stage.rows("SELECT message FROM insights") == [
        ("12 failures of honesty (high) by claude within an hour; an hour of the week before: 0.0238",)
    ]


def test_a_spike_is_said_once_grows_and_is_closed_when_it_is_over(stage: Stage) -> None:
    stage.log(many(10))
    seen = []
    for minutes in (1, 6, 59, 62, 120):
        stage.at = NOON + 60 * minutes
        if minutes == 6:
            stage.log(many(5, at=NOON + 300))
        analysed(stage)
        seen.append([(row[4], row[6]) for row in stage.rows(SPIKES)])
    assert seen == [[(10, True)], [(15, True)], [(15, True)], [(15, True)], [(15, False)]]


def test_another_spike_after_the_first_is_another_insight(stage: Stage) -> None:
    stage.log(many(10))
    stage.at = NOON + 60
    analysed(stage)
    stage.log(many(10, at=NOON + 5 * HOUR))
    stage.at = NOON + 5 * HOUR + 60
    analysed(stage)
    assert [row[6] for row in stage.rows(SPIKES)] == [False, True]


def test_a_spike_that_is_seen_only_days_later_is_said_and_closed(stage: Stage) -> None:
    stage.log(many(10))
    stage.at = NOON + 72 * HOUR
    analysed(stage)
    assert [(row[4], row[6]) for row in stage.rows(SPIKES)] == [(10, False)]


def test_a_spike_across_the_change_of_an_hour_and_of_two_batches_is_one(stage: Stage) -> None:
    border = NOON + HOUR
    stage.log(many(6, at=border - 300))
    stage.at = border
    analysed(stage)
    stage.log(many(6, at=border + 300))
    stage.at = border + 600
    analysed(stage)
    assert [row[4] for row in stage.rows(SPIKES)] == [12]


def test_kinds_are_counted_apart(stage: Stage) -> None:
    for cli in ("claude", "codex"):
        stage.log(many(9), cli=cli)
    stage.log(many(9), meta={"agent": "security"})
    analysed(stage)
    assert stage.rows(SPIKES) == []


def test_the_files_are_versioned_and_say_what_the_tables_say(stage: Stage) -> None:
    stage.log(many(1, at=NOON - 30 * HOUR))
    stage.log(many(11))
    stage.at = NOON + 60
    analysed(stage)
    trends = json.loads((stage.home.data / "trends.json").read_text())
    insights = json.loads((stage.home.data / "insights.json").read_text())
    assert (trends["version"], trends["until"], trends["by_tool"]) == (
        1,
        "2026-11-21T13:00:00Z",
        [{"name": "claude", "n": 11, "day_before": 1}],
    )
    assert [row["bucket"] for row in trends["trend"]] == ["2026-11-21T12:00:00Z"]
    assert (insights["version"], [row["n"] for row in insights["insights"]]) == (1, [11])
    assert insights["insights"][0]["closed_at"] is None


def test_when_nothing_changed_no_file_is_written(stage: Stage) -> None:
    stage.log(many(11))
    analysed(stage)
    files = [stage.home.data / "trends.json", stage.home.data / "insights.json", stage.home.database]
    before = [path.lstat().st_ino for path in files]
    stage.run("analysis")
    assert [path.lstat().st_ino for path in files] == before


def test_text_of_a_session_cannot_forge_a_line_of_an_insight(stage: Stage) -> None:
    stage.log(many(10), meta={"agent": "a\n\x1b]0;evil\x07"})
    analysed(stage)
    ((message,),) = stage.rows("SELECT message FROM insights")
    assert isinstance(message, str)
    assert message.isprintable()
