"""Sixty-four sessions at the same moment: each is a row, once, with its own exit status, and nothing is left behind."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from crowd import crowd
from fake_ai import environment, ingest, install, is_pending, noted, shim

from guardrail_proxy.home import Home
from guardrail_proxy.store.query import ask

HOW_MANY = 64
MOST_S = 120.0
pytestmark = pytest.mark.slow


def processes(home: Home) -> list[str]:
    """The command lines of all that carry the guardrail home in their command line."""
    found = []
    for number in filter(str.isdecimal, os.listdir("/proc")):
        with suppress(OSError):
            found.append(Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ").decode())
    return [line for line in found if str(home.root) in line]


def test_every_one_of_many_sessions_is_a_row_once_and_nothing_is_left(tmp_path: Path) -> None:
    home, statuses = Home(tmp_path / "home"), [number % 7 for number in range(HOW_MANY)]
    install(home.root, tmp_path)
    users = [tmp_path / f"user-{number}" for number in range(HOW_MANY)]
    environments = [
        environment(home.root, tmp_path, user, STATUS=str(status), WORK="0.2")
        for user, status in zip(users, statuses, strict=True)
    ]
    ended = crowd(shim(home.root), environments)
    assert [one.status for one in ended] == statuses
    assert [one.out.count(b"All tests pass now.") for one in ended] == [1] * HOW_MANY
    end, sessions = time.monotonic() + MOST_S, noted(tmp_path)
    while any(is_pending(home, name) for name in sessions) or processes(home):
        assert time.monotonic() < end
        time.sleep(0.05)
    ingest(home.root)
    rows = ask(home, "SELECT CAST(session_id AS VARCHAR), exit_code, evidence FROM sessions").rows
    assert sorted(str(name) for name, *_ in rows) == sorted(sessions)
    assert len(sessions) == HOW_MANY
    assert sorted(str(status) for _, status, _ in rows) == sorted(map(str, statuses))
    assert {evidence for *_, evidence in rows} == {"native"}
    assert (list(home.sessions.iterdir()), list(home.spool.glob(".*")), list(home.outputs.rglob("*.tmp"))) == ([],) * 3
