"""gemini, qwen, opencode and copilot: one question through the shim, unharmed and recorded."""

from __future__ import annotations

import pytest
from conftest import Installer
from model import ModelServer, Turn, shell

pytestmark = [pytest.mark.realcli, pytest.mark.slow]


@pytest.mark.parametrize("cli", ["gemini", "qwen", "opencode", "copilot"])
def test_a_cli_without_hooks_is_unharmed_and_recorded(cli: str, installed: Installer) -> None:
    guard = installed(cli)
    with ModelServer((Turn("Looking.", (shell("echo made > made.txt"),)), Turn("That was everything."))) as model:
        done = guard.play(cli, model.url)
    assert done.returncode == 0, done.stderr
    assert "That was everything." in done.stdout
    assert (guard.stage.project / "made.txt").read_text() == "made\n"
    row = guard.session()
    assert (row["tool"], row["exit_code"]) == (cli, 0)
    assert "not hooked" in str(row["coverage"])


@pytest.mark.parametrize("cli", ["gemini"])
def test_strict_refuses_a_cli_it_cannot_hook(cli: str, installed: Installer) -> None:
    guard = installed(cli, mode="strict")
    with ModelServer((Turn("Never."),)) as model:
        done = guard.play(cli, model.url)
    assert (done.returncode, model.requests) == (78, [])
    assert "guardrail-proxy:" in done.stderr
