"""A real claude whose model starts another claude, by name or by path behind the wrapper: parent and child."""

from __future__ import annotations

import pytest
from conftest import Installer
from model import ModelServer, Turn, shell
from stage import CLIS

pytestmark = [pytest.mark.realcli, pytest.mark.slow]


@pytest.mark.parametrize("by", ["name", "path"])
def test_a_claude_started_by_claude_is_recorded_as_its_child(by: str, installed: Installer) -> None:
    guard = installed("claude")
    inner = "claude" if by == "name" else f"{guard.home}/bin/guardrail-exec {CLIS}/claude"
    turns = (Turn("I ask another.", (shell(f"{inner} -p 'Say it.'"),)), Turn("Said."), Turn("It was said."))
    with ModelServer(turns) as model:
        done = guard.play("claude", model.url)
    assert (done.returncode, done.stdout) == (0, "It was said.\n"), done.stderr
    rows = guard.sql("SELECT session_id, parent_id, tool FROM sessions ORDER BY started_at")
    assert [row["tool"] for row in rows] == ["claude", "claude"]
    assert [row["parent_id"] for row in rows] == [None, rows[0]["session_id"]]
