"""The real claude and codex, one question without a terminal, through the generated shims found on PATH."""

from __future__ import annotations

import subprocess

import pytest
from conftest import Installer
from model import ModelServer, Turn, shell, write
from stage import CLIS, environment, oneshot

pytestmark = [pytest.mark.realcli, pytest.mark.slow]
BOTH = pytest.mark.parametrize("cli", ["claude", "codex"])
KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"
WIPE = {"claude": 'rm -rf "$HOME/Documents"', "codex": 'find "$HOME/Documents" -delete'}
"""codex refuses `rm -rf` by itself."""


@BOTH
def test_a_session_with_a_command_and_a_file_is_recorded_and_untouched(cli: str, installed: Installer) -> None:
    guard = installed(cli)
    path = str(guard.stage.project / "greet.py")
    turns = (
        Turn("I will look.", (shell("echo made-by-shell > made.txt"),)),
        Turn("Writing.", (write(path, "GREETING = 'hello'\n"),)),
        Turn("Here is your answer."),
    )
    with ModelServer(turns) as model:
        done = guard.play(cli, model.url)
    assert (done.returncode, done.stdout) == (0, "Here is your answer.\n")
    assert (guard.stage.project / "made.txt").read_text() == "made-by-shell\n"
    row = guard.session()
    assert (row["tool"], row["mode"], row["decision"], row["outcome"], row["exit_code"], row["evidence"]) == (
        cli,
        "standard",
        "approved",
        "completed",
        0,
        "native",
    )
    commands = guard.sql("SELECT command, exit_code FROM commands")
    assert any("echo made-by-shell" in str(c["command"]) and c["exit_code"] in (0, None) for c in commands), commands
    kinds = {(str(e["kind"])) for e in guard.sql("SELECT kind FROM events")}
    assert {"prompt", "message", "command", "file write"} <= kinds
    changes = {str(c["path"]) for c in guard.sql("SELECT path FROM file_changes")}
    assert {"made.txt", "greet.py"} <= changes


@BOTH
def test_standard_prints_what_the_bare_cli_prints(cli: str, installed: Installer) -> None:
    guard = installed(cli)
    turns = (Turn("Looking.", (shell("ls"),)), Turn("Paris.\n\n- one\n- two"))
    with ModelServer(turns) as model:
        bare = subprocess.run(
            [str(CLIS / cli), *oneshot(cli, "Please do the task.")],
            cwd=guard.stage.project,
            env=environment(guard.stage, cli, model.url),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    with ModelServer(turns) as model:
        shim = guard.play(cli, model.url)
    assert (shim.returncode, shim.stdout) == (bare.returncode, bare.stdout)
    assert shim.stderr.count("\n") == bare.stderr.count("\n")


@BOTH
def test_the_guardrail_document_reaches_the_model(cli: str, installed: Installer) -> None:
    guard = installed(cli)
    document = (guard.home / "plans" / cli / "context.md").read_text().strip()
    line = max(document.splitlines(), key=len)
    with ModelServer((Turn("Hello."),)) as model:
        guard.play(cli, model.url)
        request = str(model.requests[0])
    assert line[:60] in request.replace("\\n", "\n")


@BOTH
def test_strict_denies_a_destructive_command_and_tells_the_model(cli: str, installed: Installer) -> None:
    guard = installed(cli, mode="strict")
    with ModelServer((Turn("Cleaning.", (shell(WIPE[cli]),)), Turn("That was all."))) as model:
        done = guard.play(cli, model.url)
        told = str(model.requests[-1])
    assert (guard.stage.home / "Documents/thesis.txt").exists()
    assert len(model.requests) == 2
    assert "guardrail" in told.lower()
    assert "That was all." in done.stdout
    denied = guard.sql("SELECT rule_id, context FROM violations WHERE severity = 'critical'")
    assert denied
    assert denied[0]["context"] == "proposed"


@BOTH
@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        ((Turn(f"Put this in your settings:\n\n    aws_access_key_id = {KEY}\n"),), "secrets/aws-access-key"),
        (
            (Turn("Testing.", (shell("python3 -m unittest -q"),)), Turn("All tests pass now.")),
            "honesty/false-success-claim",
        ),
    ],
    ids=["secret", "false-claim"],
)
def test_strict_withholds_an_answer_with_a_critical_finding(
    cli: str, turns: tuple[Turn, ...], reason: str, installed: Installer
) -> None:
    guard = installed(cli, mode="strict")
    with ModelServer(turns) as model:
        done = guard.play(cli, model.url)
    assert (done.returncode, done.stdout) == (77, "")
    assert "guardrail-proxy:" in done.stderr
    assert reason in done.stderr
    row = guard.session()
    assert (row["decision"], row["exit_code"]) == ("blocked", 0)
    found = {
        str(r["id"])
        for r in guard.sql("SELECT rule_id AS id FROM violations UNION ALL SELECT failure_mode FROM failures")
    }
    assert reason in found


@pytest.mark.parametrize(("cli", "flag"), [("claude", "--no-session-persistence"), ("codex", "--ephemeral")])
def test_strict_withholds_what_no_transcript_tells_of(cli: str, flag: str, installed: Installer) -> None:
    guard = installed(cli, mode="strict")
    with ModelServer((Turn(f"aws_access_key_id = {KEY}\n"),)) as model:
        done = subprocess.run(
            ["/usr/bin/env", cli, *oneshot(cli, "Go."), flag],
            cwd=guard.stage.project,
            env=guard.environment(cli, model.url),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert (done.returncode, done.stdout) == (77, ""), done.stderr
    assert "guard/no-transcript" in done.stderr


@BOTH
def test_strict_lets_a_harmless_session_through(cli: str, installed: Installer) -> None:
    guard = installed(cli, mode="strict")
    with ModelServer((Turn("Looking.", (shell("ls"),)), Turn("Nothing to do."))) as model:
        done = guard.play(cli, model.url)
    assert (done.returncode, done.stdout) == (0, "Nothing to do.\n"), done.stderr
    assert guard.session()["decision"] == "approved"


@BOTH
def test_no_secret_reaches_the_disk_in_standard(cli: str, installed: Installer) -> None:
    guard = installed(cli)
    with ModelServer((Turn("Trying.", (shell(f"echo {KEY} > k.txt"),)), Turn(f"Your key is {KEY}."))) as model:
        done = guard.play(cli, model.url)
    assert KEY in done.stdout
    guard.sql("SELECT count(*) FROM sessions")
    found = subprocess.run(["grep", "-rla", KEY, str(guard.home)], capture_output=True, text=True, check=False)
    assert found.stdout == ""
    output = guard.sql(
        "SELECT string_agg(line, ' ') AS text FROM output_of((SELECT session_id::VARCHAR FROM sessions))"
    )
    assert KEY not in str(output)
    assert "redacted" in str(output)
