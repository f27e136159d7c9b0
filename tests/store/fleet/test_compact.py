"""fleet compact: one file a table and day, and every row as before."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from team import ids_in, ids_in_folders, rows, state

from guardrail_proxy.home import Home
from guardrail_proxy.store.fleet.stage import TABLES
from guardrail_proxy.store.fleet.target import Folder

LogOne = Callable[..., str]
Say = Callable[..., tuple[int, str, str]]
DAY_S = 86_400.0
pytestmark = pytest.mark.slow


def test_compact_leaves_one_file_a_table_and_every_row(say: Say, target: Path, pushed_twice: list[str]) -> None:
    queries = [f"SELECT * FROM {table} ORDER BY ALL" for table in TABLES]
    before = [rows(target, query) for query in queries]
    assert say("fleet", "compact", str(target)) == (0, "merged 2 parts of 1 days\n", "")
    assert [rows(target, query) for query in queries] == before
    assert [len(list((target / table).rglob("*.parquet"))) for table in TABLES] == [1] * len(TABLES)


def test_nothing_is_merged_or_pushed_again(say: Say, target: Path, pushed_twice: list[str]) -> None:
    say("fleet", "compact", str(target))
    before = state(target)
    assert say("fleet", "compact", str(target))[1] == "nothing to merge\n"
    assert say("fleet", "push", str(target))[1] == "nothing new to push\n"
    assert state(target) == before


def test_a_late_part_is_merged_into_the_merged_day(
    say: Say, target: Path, pushed_twice: list[str], log_one: LogOne
) -> None:
    say("fleet", "compact", str(target))
    late = log_one(started=time.time() - DAY_S)
    say("fleet", "push", str(target))
    say("fleet", "compact", str(target))
    assert ids_in(target) == ids_in_folders(target) == sorted([*pushed_twice, late])


def test_one_push_and_one_compaction_at_a_time(say: Say, home: Home, target: Path, pushed_twice: list[str]) -> None:
    with Folder(target).locked():
        assert "another compaction" in say("fleet", "compact", str(target))[2]
    assert say("fleet", "compact", str(target))[0] == 0
