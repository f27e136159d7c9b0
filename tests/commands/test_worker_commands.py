"""worker, daemon and logs: what a person types."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from guardrail_proxy.commands._group import group, run
from guardrail_proxy.home import default_home
from guardrail_proxy.workers._host import daemon_pid

pytestmark = pytest.mark.slow


def typed(*words: str) -> str:
    done = CliRunner().invoke(group, list(words), catch_exceptions=False)
    return done.output


@pytest.fixture
def no_daemon_left() -> Iterator[None]:
    yield
    run(["daemon", "stop"])


def test_a_worker_runs_once_and_its_status_tells(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("worker", "run", "metrics", "--once") == "up to date\n"
    assert "up to date" in typed("worker", "status")
    found = {row["name"]: row["runs"] for row in json.loads(typed("worker", "status", "--json"))}
    assert found == {"ingest": 0, "analysis": 0, "cleanup": 0, "markdown": 0, "metrics": 1}


def test_a_worker_that_fails_is_one_line_and_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr("guardrail_proxy.workers.markdown.write_if_changed", full)
    assert run(["worker", "run", "markdown", "--once"]) == 1
    assert capsys.readouterr().err == (
        "guardrail-proxy: the worker markdown failed: OSError: [Errno 28] No space left\n"
    )


@pytest.mark.parametrize(
    "words", [("worker", "run", "cleanup", "--now"), ("daemon", "stop"), ("daemon", "uninstall")], ids=" ".join
)
def test_what_loosens_the_guard_is_refused_below_a_session(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GUARDRAIL_SESSION", str(tmp_path))
    assert run(list(words)) == 78


def test_a_daemon_is_started_once_told_of_and_ended(no_daemon_left: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["daemon", "status"]) == 1
    assert [run(["daemon", word]) for word in ("start", "start", "status")] == [0, 0, 0]
    pid = daemon_pid(default_home())
    assert pid is not None
    assert pid != os.getpid()
    assert run(["daemon", "run"]) == 1
    assert [run(["daemon", "stop"]), run(["daemon", "stop"])] == [0, 0]
    out = capsys.readouterr().out.splitlines()
    assert out[-2:] == [f"the daemon ended, pid {pid}", "no daemon runs"]


def test_a_daemon_that_cannot_start_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    home = default_home()
    home.config.write_text("nonsense = 1\n")
    assert run(["daemon", "start"]) == 1
    assert "nonsense" in capsys.readouterr().err


def test_logs_are_shown_by_level() -> None:
    assert typed("logs") == "no log lines\n"
    typed("worker", "run", "metrics", "--once")
    assert "workers: up to date worker=metrics" in typed("logs")
    assert typed("logs", "--level", "error") == "no log lines\n"
