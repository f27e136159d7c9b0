"""The real CLIs as an editor starts its own copy: by a path, behind guardrail-exec, no shim on PATH."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from conftest import Installer
from guard import COMMAND, Guard, tally
from model import ModelServer, Turn, shell
from stage import CLIS, environment, oneshot

pytestmark = [pytest.mark.realcli, pytest.mark.slow]
BUNDLE = ".vscode/extensions/anthropic.claude-code-2.1.197-linux-x64/resources/native-binary/claude"
STREAM = ("--output-format", "stream-json", "--verbose", "--input-format", "stream-json", "--allowedTools", "Bash")
MESSAGE = {"type": "user", "message": {"role": "user", "content": "Please do the task."}}
WIPE = (Turn("Cleaning.", (shell('find "$HOME/Documents" -delete'),)), Turn("That was everything."))


def copy_of_claude(guard: Guard) -> str:
    """Where VS Code's extension has its own."""
    path = guard.stage.home / BUNDLE
    path.parent.mkdir(parents=True)
    path.symlink_to((CLIS / "claude").resolve())
    return str(path)


def play(
    guard: Guard, url: str, cli: str, *words: str, typed: str = "", **more: str
) -> subprocess.CompletedProcess[str]:
    """Run words with the environment of a session without our shims."""
    done = subprocess.run(
        words,
        cwd=guard.stage.project,
        env={**environment(guard.stage, cli, url), **more},
        input=typed,
        capture_output=True,
        text=True,
        timeout=150,
    )
    tally(cli)
    return done


@pytest.mark.parametrize("mode", ["standard", "strict"])
def test_an_editors_claude_that_speaks_stream_json_is_hooked_and_recorded(mode: str, installed: Installer) -> None:
    guard = installed("claude", mode=mode)
    words = (str(guard.home / "bin/guardrail-exec"), copy_of_claude(guard), *STREAM)
    with ModelServer((Turn("Looking.", (shell("echo made > made.txt"),)), Turn("That was everything."))) as model:
        done = play(guard, model.url, "claude", *words, typed=json.dumps(MESSAGE) + "\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["result"] == "That was everything."
    row = guard.session()
    assert (row["tool"], row["mode"], row["evidence"], row["decision"]) == ("claude", mode, "native", "approved")
    assert guard.sql("SELECT count(*) AS calls FROM tool_calls") == [{"calls": 1}]


def test_strict_denies_a_call_of_an_editors_claude(installed: Installer) -> None:
    guard = installed("claude", mode="strict")
    words = (str(guard.home / "bin/guardrail-exec"), copy_of_claude(guard), *STREAM)
    with ModelServer(WIPE) as model:
        play(guard, model.url, "claude", *words, typed=json.dumps(MESSAGE) + "\n")
        told = json.dumps(model.requests[-1])
    assert (guard.stage.home / "Documents/thesis.txt").exists()
    assert "guardrail-proxy blocked this call" in told


def test_our_exec_command_gives_the_answer_and_the_status_of_the_bare_cli(installed: Installer) -> None:
    guard = installed("claude")
    turns = (Turn("Paris.\n\n- one"),)
    with ModelServer(turns) as model:
        bare = play(guard, model.url, "claude", str(CLIS / "claude"), *oneshot("claude", "Where?"))
    words = (str(COMMAND), "exec", "--", str(CLIS / "claude"), *oneshot("claude", "Where?"))
    with ModelServer(turns) as model:
        ours = play(guard, model.url, "claude", *words, GUARDRAIL_HOME=str(guard.home))
    assert (ours.returncode, ours.stdout, ours.stderr) == (bare.returncode, bare.stdout, bare.stderr)
    assert (ours.returncode, guard.session()["tool"]) == (0, "claude")


def test_a_cli_that_node_runs_is_known_by_its_script(installed: Installer) -> None:
    guard = installed("codex", mode="strict")
    script = str(Path(CLIS / "codex").resolve())
    assert script.endswith(".js")
    words = (str(guard.home / "bin/guardrail-exec"), "node", script, *oneshot("codex", "Please do the task."))
    with ModelServer(WIPE) as model:
        done = play(guard, model.url, "codex", *words)
    assert (guard.stage.home / "Documents/thesis.txt").exists(), done.stderr
    assert guard.session()["tool"] == "codex"
