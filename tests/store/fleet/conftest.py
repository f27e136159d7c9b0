"""A target, sessions of closed days, and the fleet commands."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from team import ids_in

from guardrail_proxy.commands._group import run
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import find_record, put_record
from guardrail_proxy.session import Event, Finding

LogOne = Callable[..., str]
Say = Callable[..., tuple[int, str, str]]
DAY_S = 86_400.0


@pytest.fixture
def say(home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command for the home, or for another one; its exit status and what it wrote."""

    def start(*words: str, home: Home = home) -> tuple[int, str, str]:
        monkeypatch.setenv("GUARDRAIL_HOME", str(home.root))
        status = run(list(words))
        return (status, *capsys.readouterr())

    return start


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "te'am [x]* ?"


@pytest.fixture
def rich_day(log_one: LogOne) -> list[str]:
    """Two sessions of yesterday, with something in several tables, and one of today; the ids of the two."""
    yesterday = time.time() - DAY_S
    violation = Finding("commands/rm", "violation", "critical", "gone", quote="rm", event_seq=1, fix="do not")
    events = (Event("command", "ls", name="Bash"), Event("message", "```py\nx = 1\n```"))
    ids = [log_one(events, 2, started=yesterday, violations=(violation,)), log_one(started=yesterday, prompt="é日")]
    log_one()
    return ids


@pytest.fixture
def pushed_twice(say: Say, target: Path, home: Home, rich_day: list[str], tmp_path: Path) -> list[str]:
    """A day with a part of each of two homes of this host; the ids of all sessions."""
    second = Home(tmp_path / "second")
    for session_id in rich_day:
        path = find_record(home.spool, session_id)
        assert path is not None
        put_record(
            second.spool, uuid(session_id).decode(), path.read_bytes().replace(session_id.encode(), uuid(session_id))
        )
    say("fleet", "push", str(target))
    say("fleet", "push", str(target), home=second)
    ids = sorted([*rich_day, *(uuid(name).decode() for name in rich_day)])
    assert ids_in(target) == ids
    return ids


def uuid(session_id: str) -> bytes:
    return f"f{session_id[1:]}".encode()
