"""search: text in what was asked, said and run."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail_proxy.commands._progress import slow_progress
from guardrail_proxy.home import Home
from guardrail_proxy.store import search as searching
from guardrail_proxy.store.demo_data import make_demo
from guardrail_proxy.store.search import search, snippet

Run = Callable[..., subprocess.CompletedProcess[str]]
LogHostile = Callable[..., str]


def test_a_snippet_is_the_hit_with_a_little_around_it() -> None:
    text = "a" * 100 + "NEEDLE" + "b" * 100
    assert snippet(text, 100, 6) == "…" + "a" * 40 + "NEEDLE" + "b" * 80 + "…"
    assert snippet("NEEDLE", 0, 6) == "NEEDLE"


@pytest.mark.slow
def test_text_is_found_whatever_its_case_newest_session_first(run: Run, log_hostile: LogHostile) -> None:
    first, second = log_hostile(), log_hostile("codex")
    found = json.loads(run("search", "RM -rf", "--json").stdout)
    assert [(row["session"], row["kind"], row["event"]) for row in found] == [
        (second, "command", 1),
        (first, "command", 1),
    ]
    kinds = [row["kind"] for row in json.loads(run("search", "alert(1)", "--json", "--limit", "3").stdout)]
    assert kinds == ["prompt", "command", "message"]
    assert len(json.loads(run("search", "alert(1)", "--kind", "prompt", "--json").stdout)) == 2


@pytest.mark.slow
@pytest.mark.parametrize("text", ["%", "' OR '1'='1", "no such text anywhere"])
def test_what_is_not_there_is_status_1_and_no_pattern(text: str, run: Run, log_hostile: LogHostile) -> None:
    log_hostile()
    done = run("search", text)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "nothing found\n")


@pytest.mark.slow
def test_an_empty_text_is_wrong_usage(run: Run) -> None:
    assert run("search", " ").returncode == 2


@pytest.mark.slow
def test_asking_day_by_day_finds_what_one_query_finds_and_tells_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "demo")
    make_demo(home, 400, lambda _: None)
    whole = search(home, "pytest", limit=1000)
    monkeypatch.setattr(searching, "TOGETHER", 1)
    told: list[int] = []
    assert search(home, "pytest", limit=1000, said=told.append) == whole != []
    assert (len(told) > 3, 900 < sum(told) <= 1000) == (True, True)
    assert search(home, "pytest", limit=3) == whole[:3]


def test_progress_is_drawn_once_it_takes_long_and_only_for_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = []
    for is_terminal, after_s in ((True, 0.0), (True, 1000.0), (False, 0.0)):
        monkeypatch.setattr("sys.stderr.isatty", lambda answer=is_terminal: answer)
        with slow_progress("searching", 2, after_s) as said:
            said(1)
        drawn.append("searching" in capsys.readouterr().err)
    assert drawn == [True, False, False]
