"""Old sessions go, each announced first; pinned ones stay; logs are rotated."""

import time

import pytest

from guardrail_proxy.config import Config
from guardrail_proxy.store.live import live, republish
from guardrail_proxy.workers._rotate import rotate

from .conftest import NOON, Stage

DAY = 86_400.0


def ids(stage: Stage) -> set[str]:
    return {str(row[0]) for row in stage.rows("SELECT session_id FROM sessions")}


def pin(stage: Stage, session_id: str) -> None:
    with live(stage.home, wait=True) as con:
        assert con is not None
        con.execute("INSERT INTO base.marks VALUES (?, true, NULL)", [session_id])
        republish(con, stage.home)


@pytest.mark.slow
def test_the_first_sweep_only_says_what_the_second_removes(stage: Stage) -> None:
    old, new = stage.log(started=NOON - 31 * DAY), stage.log()
    first = stage.run("cleanup")
    assert (first.startswith("removed 0 sessions; 1 sessions are older than 30 days"), ids(stage)) == (True, {old, new})
    assert stage.worker("cleanup").status().said == first
    stage.at += DAY
    assert (stage.run("cleanup"), ids(stage)) == ("removed 1 sessions", {new})


@pytest.mark.slow
def test_what_was_not_announced_is_not_removed_yet(stage: Stage) -> None:
    first, second = stage.log(started=NOON - 31 * DAY), stage.log(started=NOON - 29.5 * DAY)
    stage.run("cleanup")
    stage.at += DAY
    said = stage.run("cleanup")
    assert ("1 sessions are older" in said, ids(stage)) == (True, {second})
    assert first != second


@pytest.mark.slow
def test_a_clock_that_is_years_ahead_for_one_sweep_costs_no_session(stage: Stage) -> None:
    one = stage.log()
    stage.run("cleanup")
    stage.at = NOON + 4000 * DAY
    stage.run("cleanup")
    stage.at = NOON + DAY
    stage.run("cleanup")
    stage.at = NOON + 2 * DAY
    stage.run("cleanup")
    assert ids(stage) == {one}


@pytest.mark.slow
def test_now_removes_at_once_and_pinned_sessions_stay(stage: Stage) -> None:
    pinned, old = stage.log((NOON,), started=NOON - 90 * DAY), stage.log((NOON,), started=NOON - 90 * DAY)
    pin(stage, pinned)
    assert (stage.run("cleanup", at_once=True), ids(stage)) == ("removed 1 sessions", {pinned})
    assert stage.rows("SELECT CAST(session_id AS VARCHAR) FROM failures") == [(pinned,)]
    assert old not in "".join(path.name for path in stage.home.root.rglob("*") if path.suffix == ".gz")


@pytest.mark.slow
def test_retention_days_is_what_counts(stage: Stage) -> None:
    stage.config = Config(retention_days=1)
    stage.log(started=NOON - 2 * DAY)
    kept = stage.log(started=NOON - 0.5 * DAY)
    stage.run("cleanup", at_once=True)
    assert ids(stage) == {kept}


@pytest.mark.slow
def test_the_file_is_written_anew_once_much_was_removed(stage: Stage) -> None:
    for _ in range(3):
        stage.log(started=NOON - 90 * DAY)
    kept = stage.log()
    stage.ingest()
    stage.run("cleanup", at_once=True)
    assert stage.rows("SELECT removed FROM base.state") == [(0,)]
    assert ids(stage) == {kept}


@pytest.mark.slow
def test_what_killed_processes_left_is_cleared_away(stage: Stage) -> None:
    stage.ingest()
    (stage.home.sessions / "019ab000-0000-7000-8000-0000000000aa").mkdir()
    stage.at = time.time() + DAY
    assert stage.run("cleanup") == "removed 0 sessions; 1 leftovers of killed processes cleared away"
    assert list(stage.home.sessions.iterdir()) == []


def test_logs_over_their_size_are_rotated_and_five_are_kept(stage: Stage) -> None:
    logs = stage.home.logs
    logs.mkdir(parents=True)
    (logs / "small.jsonl").write_text("{}\n")
    for turn in range(7):
        with (logs / "big.jsonl").open("wb") as file:
            file.write(b"%d" % turn)
            file.truncate((5 << 20) + 1)
        assert rotate(logs) == 1
    kept = sorted(path.name for path in logs.iterdir())
    assert kept == [*(f"big.jsonl.{number}" for number in range(1, 6)), "small.jsonl"]
    assert [(logs / f"big.jsonl.{number}").open("rb").read(1) for number in (1, 5)] == [b"6", b"2"]


def test_a_log_of_its_size_stays(stage: Stage) -> None:
    stage.home.logs.mkdir(parents=True)
    (stage.home.logs / "a.jsonl").write_bytes(b"x" * (5 << 20))
    assert (rotate(stage.home.logs), len(list(stage.home.logs.iterdir()))) == (0, 1)
