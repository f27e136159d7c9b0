"""A target behind a URL."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.store.fleet.engine import fleet_files
from guardrail_proxy.store.fleet.target import open_target

LogOne = Callable[..., str]
Say = Callable[..., tuple[int, str, str]]
DAY_S = 86_400.0
pytestmark = pytest.mark.slow


@pytest.fixture
def memory() -> Iterator[str]:
    from fsspec.implementations.memory import MemoryFileSystem  # noqa: PLC0415 # only here

    yield "memory://team"
    MemoryFileSystem.store.clear()


def test_a_target_behind_a_url_is_a_target(
    say: Say, rich_day: list[str], log_one: LogOne, memory: str, tmp_path: Path
) -> None:
    assert say("fleet", "push", memory)[1] == "pushed 2 sessions of 1 days\n"
    late = log_one(started=time.time() - DAY_S)
    say("fleet", "push", memory)
    assert say("fleet", "push", memory)[1] == "nothing new to push\n"
    assert say("fleet", "compact", memory)[1] == "merged 2 parts of 1 days\n"
    assert say("fleet", "compact", memory)[1] == "nothing to merge\n"
    place = open_target(memory, Home(Path("/nowhere")))
    (session_file,) = fleet_files(place)["sessions"]
    assert session_file.startswith("memory://")
    copy = place.local(session_file.partition("/team/")[2], tmp_path)
    with duckdb.connect() as con:
        found = con.execute(f"SELECT session_id FROM read_parquet('{copy}') ORDER BY 1").fetchall()
    assert found == [(name,) for name in sorted([*rich_day, late])]
