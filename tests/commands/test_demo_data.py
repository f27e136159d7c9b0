"""demo-data: a home of its own, in which every table has something to ask for."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.settle import has_ended
from guardrail_proxy.store.spooled import CHILD_TABLES
from guardrail_proxy.store.view import views

Run = Callable[..., subprocess.CompletedProcess[str]]
LogHostile = Callable[..., str]
FILLED = (
    *CHILD_TABLES,
    "lies",
    "risky_commands",
    "commits",
    "top_failures",
    "unguarded",
    "marks",
    "metrics",
    "failure_trend",
    "insights",
    "live",
)
pytestmark = pytest.mark.slow


def test_every_table_has_rows_and_the_store_is_sound(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "demo home")
    assert run("demo-data", "2000", "--home", str(home.root)).returncode == 0
    counts = {name: ask(home, f"SELECT count(*) FROM {name}").rows[0][0] for name in FILLED}
    assert (ask(home, "SELECT count(*) FROM sessions").rows, [n for n, c in counts.items() if not c]) == ([(2000,)], [])
    monkeypatch.setenv("GUARDRAIL_HOME", str(home.root))
    assert run("store", "check").stdout == "sound\n"
    assert "Done." in run("replay", "--speed", "1000").stdout


def test_what_runs_in_it_is_never_ended_and_nobody_waits_for_it(run: Run, tmp_path: Path) -> None:
    home = Home(tmp_path / "demo")
    assert run("demo-data", "2000", "--home", str(home.root)).returncode == 0
    ingest(home, wait=True)
    assert [folder for folder in home.sessions.iterdir() if has_ended(folder)] == []
    assert ask(home, "SELECT tool, state FROM live ORDER BY tool").rows == [("claude", "running"), ("codex", "running")]


def test_every_documented_example_has_an_answer(run: Run, tmp_path: Path) -> None:
    home = Home(tmp_path / "demo")
    assert run("demo-data", "2000", "--home", str(home.root)).returncode == 0
    assert [view.name for view in views() if view.example and not ask(home, view.example).rows] == []


def test_the_same_number_makes_the_same_sessions_again(run: Run, tmp_path: Path) -> None:
    home = Home(tmp_path / "demo")
    seen = []
    for _ in range(2):
        assert run("demo-data", "300", "--home", str(home.root)).returncode == 0
        seen.append(ask(home, "SELECT tool, prompt, outcome, n_failures FROM sessions ORDER BY started_at").rows)
    assert (seen[0] == seen[1], len(seen[0])) == (True, 300)


def test_a_home_with_something_else_in_it_is_refused(run: Run, log_hostile: LogHostile, home: Home) -> None:
    log_hostile()
    assert run("demo-data", "5", "--home", str(home.root)).returncode == 2
    (home.root / "demo-data").touch()
    assert (run("sessions").returncode, run("demo-data", "5", "--home", str(home.root)).returncode) == (0, 2)
    assert ask(home, "SELECT count(*) FROM sessions").rows == [(1,)]
