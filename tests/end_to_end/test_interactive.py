"""The real claude and codex as full programs on a terminal, through the shim, driven by pexpect."""

from __future__ import annotations

import re
import time

import pexpect
import pytest
from conftest import Installer
from guard import Guard, tally
from model import ModelServer, Turn, shell
from stage import INTERACTIVE

pytestmark = [pytest.mark.realcli, pytest.mark.slow]
BOTH = pytest.mark.parametrize("cli", ["claude", "codex"])
KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"
LEAVE = {"claude": "/exit", "codex": "/quit"}
ESCAPES = re.compile(rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[\[(][0-?]*[ -/]*[@-~]|\x1b[=>78]|\s")


class Screen:
    """What came to the terminal, and how to wait for it."""

    def __init__(self, child: pexpect.spawn) -> None:
        self.child, self.seen = child, b""

    def until(self, text: str, seconds: float = 60) -> None:
        """Read until the text was shown, whatever escapes and blanks came between its letters."""
        wanted = re.sub(rb"\s", b"", text.encode())
        end = time.monotonic() + seconds
        while wanted not in ESCAPES.sub(b"", self.seen):
            assert time.monotonic() < end, (text, ESCAPES.sub(b"", self.seen)[-800:])
            self.read(0.5)

    def quiet(self, seconds: float) -> None:
        """Read until nothing came for a while."""
        before = -1
        while before != len(self.seen):
            before = len(self.seen)
            self.read(seconds)

    def read(self, seconds: float) -> None:
        """Read what comes within a time."""
        try:
            self.seen += self.child.read_nonblocking(65536, seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return

    def type(self, text: str) -> None:
        """Type a line as a person does: the words, then Enter."""
        self.child.send(text)
        self.quiet(0.7)
        self.child.send("\r")


def converse(guard: Guard, cli: str, url: str, answer: str) -> tuple[int, bytes]:
    """Ask one thing in the full program, wait for the answer, leave; return status and all that was shown."""
    child = pexpect.spawn(
        "/usr/bin/env",
        [cli, *INTERACTIVE[cli]],
        cwd=str(guard.stage.project),
        env=guard.environment(cli, url),
        dimensions=(45, 110),
        timeout=60,
    )
    tally(cli)
    screen = Screen(child)
    screen.quiet(3)
    screen.type("Please do the task.")
    screen.until(answer)
    screen.quiet(1.5)
    screen.type(LEAVE[cli])
    end = time.monotonic() + 30
    while child.isalive() and time.monotonic() < end:
        screen.read(0.5)
    assert not child.isalive(), screen.seen[-500:]
    screen.quiet(0.1)
    child.close()
    return child.exitstatus if child.exitstatus is not None else -(child.signalstatus or 0), screen.seen


@BOTH
def test_a_conversation_is_recorded_with_its_commands(cli: str, installed: Installer) -> None:
    guard = installed(cli)
    with ModelServer((Turn("Looking.", (shell("echo made > made.txt"),)), Turn("The lighthouse stands."))) as model:
        status, _ = converse(guard, cli, model.url, "The lighthouse stands.")
    assert status == 0
    assert (guard.stage.project / "made.txt").exists()
    row = guard.session()
    assert (row["tool"], row["interactive"], row["decision"], row["evidence"]) == (cli, True, "approved", "native")
    commands = guard.sql("SELECT command FROM commands")
    assert any("echo made" in str(c["command"]) for c in commands)


@BOTH
def test_strict_denies_in_the_full_program_and_the_folder_survives(cli: str, installed: Installer) -> None:
    guard = installed(cli, mode="strict")
    wipe = 'rm -rf "$HOME/Documents"' if cli == "claude" else 'find "$HOME/Documents" -delete'
    with ModelServer((Turn("Cleaning.", (shell(wipe),)), Turn("The lighthouse stands."))) as model:
        status, _ = converse(guard, cli, model.url, "The lighthouse stands.")
        told = str(model.requests[-1])
    assert (guard.stage.home / "Documents/thesis.txt").exists()
    assert "guardrail" in told.lower()
    assert status == 0


@BOTH
def test_strict_ends_a_conversation_that_showed_a_secret_with_77(cli: str, installed: Installer) -> None:
    guard = installed(cli, mode="strict")
    with ModelServer((Turn(f"Put this in: aws_access_key_id = {KEY} and the lighthouse stands."),)) as model:
        status, shown = converse(guard, cli, model.url, "lighthouse stands.")
    assert status == 77
    assert b"guardrail-proxy:" in shown
    assert guard.session()["decision"] == "blocked"
