"""Pushes and compactions killed with SIGKILL at random moments: each session is in the fleet once at every moment."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from team import ids_in, ids_in_folders

from guardrail_proxy.home import Home
from guardrail_proxy.session import Event
from guardrail_proxy.store.fleet.stage import TABLES

LogOne = Callable[..., str]
DAY_S, DAYS = 86_400.0, 3
KILLS, FILES_MOST = 3, 20
pytestmark = pytest.mark.slow


def command(home: Home, name: str, target: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "guardrail_proxy", "fleet", name, str(target)]
    return subprocess.Popen(words, env={**os.environ, "GUARDRAIL_HOME": str(home.root)}, stdout=subprocess.DEVNULL)


def names(target: Path) -> set[str]:
    return {str(path) for path in target.rglob("*")}


def killed_after(changes: int, process: subprocess.Popen[bytes], target: Path) -> bool:
    """Kill the command once so many files of the target came or went; whether it was not done yet."""
    before = names(target)
    while process.poll() is None and len(before ^ names(target)) < changes:
        time.sleep(0.005)
    process.kill()
    return process.wait() < 0


def finish(home: Home, name: str, target: Path) -> None:
    assert command(home, name, target).wait(60) == 0


@pytest.fixture
def sessions(home: Home, log_one: LogOne) -> list[str]:
    """Two of each of the last days before today."""
    days = [1 + number % DAYS for number in range(2 * DAYS)]
    return sorted(log_one((Event("command", "ls"),), 1, started=time.time() - day * DAY_S) for day in days)


def test_a_killed_push_is_completed_by_the_next(home: Home, target: Path, sessions: list[str], log_one: LogOne) -> None:
    chance, kills = random.Random(1), 0
    for turn in range(KILLS):
        sessions.append(log_one(started=time.time() - (1 + turn % DAYS) * DAY_S))
        kills += killed_after(chance.randrange(1, FILES_MOST), command(home, "push", target), target)
        seen = [str(name) for name in ids_in(target)] if any(target.rglob("_manifest/*/*.json")) else []
        assert (len(seen), set(seen) - set(sessions)) == (len(set(seen)), set())
    finish(home, "push", target)
    assert ids_in(target) == ids_in_folders(target) == sorted(sessions)
    assert kills


def test_a_reader_misses_nothing_while_compactions_are_killed(
    home: Home, target: Path, sessions: list[str], log_one: LogOne
) -> None:
    chance, kills = random.Random(2), 0
    finish(home, "push", target)
    for turn in range(KILLS):
        sessions.append(log_one(started=time.time() - (1 + turn % DAYS) * DAY_S))
        finish(home, "push", target)
        kills += killed_after(chance.randrange(1, FILES_MOST), command(home, "compact", target), target)
        assert ids_in(target) == sorted(sessions)
    finish(home, "compact", target)
    assert ids_in(target) == ids_in_folders(target) == sorted(sessions)
    assert [len(list((target / table).rglob("[!.]*.parquet"))) for table in TABLES] == [DAYS] * len(TABLES)
    assert kills
