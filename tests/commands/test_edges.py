"""What every command does at the edge: no command, a typo, an output or a folder that is not there."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from guardrail_proxy.commands._guard_findings import GUARD_FINDINGS
from guardrail_proxy.commands._render import width
from guardrail_proxy.discover import PACKAGE

Run = Callable[..., subprocess.CompletedProcess[str]]
COMMAND = f"{sys.executable} -m guardrail_proxy"
pytestmark = pytest.mark.slow


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """A line of bash in which $G is the command."""
    return subprocess.run(["bash", "-c", line], env={**os.environ, "G": COMMAND}, capture_output=True, text=True)


@pytest.mark.parametrize("group", [(), ("config",), ("store",)])
def test_a_group_alone_prints_its_help_as_it_was_written(group: tuple[str, ...], run: Run) -> None:
    done = run(*group)
    assert (done.returncode, done.stdout) == (2, "")
    assert "\nCommands:\n" in done.stderr


@pytest.mark.parametrize("words", [("stauts",), ("sessions", "--limt", "1"), ("pause", "1h", "2h"), ("config", "set")])
def test_wrong_usage_is_one_line_that_says_where_the_help_is(words: tuple[str, ...], run: Run) -> None:
    done = run(*words)
    assert (done.returncode, done.stderr.count("\n"), " --help\n" in done.stderr) == (2, 1, True)


def test_a_full_disk_is_no_bug_of_ours() -> None:
    done = shell("$G sql 'SELECT 1' >/dev/full")
    assert (done.returncode, done.stderr.count("\n"), "No space left" in done.stderr) == (1, 1, True)
    assert "bug of ours" not in done.stderr


def test_a_closed_stdout_is_no_error() -> None:
    assert (shell("$G sql 'SELECT 1' >&-").stderr, shell("$G status >&-").returncode) == ("", 0)


def test_a_reader_that_left_is_status_141() -> None:
    done = shell("unset PYTHONUNBUFFERED; $G sql 'FROM range(1000000)' | true; echo ${PIPESTATUS[0]}")
    assert (done.stdout, done.stderr) == ("141\n", "")


@pytest.mark.parametrize("command", ["status", "config show"])
def test_a_working_directory_that_is_gone_is_said_so(command: str, tmp_path: Path) -> None:
    done = shell(f"mkdir {tmp_path}/gone; cd {tmp_path}/gone; rmdir {tmp_path}/gone; $G {command}")
    assert (done.returncode, done.stderr) == (
        1,
        "guardrail-proxy: the working directory is gone: change to a folder that is there\n",
    )


@pytest.mark.parametrize("command", ["status", "sql 'SELECT 1'", "config set mode strict", "pause"])
def test_a_home_that_is_a_file_is_named(command: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = shell(f"GUARDRAIL_HOME={tmp_path}/file $G {command}")
    assert (done.returncode, done.stderr.count("\n"), f"'{tmp_path}/file" in done.stderr) == (1, 1, True)
    assert "bug of ours" not in done.stderr


def seen(*words: str, columns: int = 80) -> list[str]:
    """The lines that a command prints on a terminal of that width."""
    command = [*COMMAND.split(), *words]
    env = {**os.environ, "COLUMNS": str(columns)}
    child = pexpect.spawn(command[0], command[1:], env=env, encoding="utf-8", dimensions=(24, columns), timeout=60)
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0, child.before
    return str(child.before).splitlines()


def test_sessions_are_one_line_each_on_a_narrow_terminal(log_hostile: Callable[..., str]) -> None:
    first, second = log_hostile("claude"), log_hostile("codex")
    lines = seen("sessions")
    assert (len(lines), [line for line in lines if width(line) > 80]) == (4, [])
    assert {line[:18] for line in lines[2:]} == {first[:18], second[:18]}


def test_an_answer_wider_than_the_terminal_is_a_block_a_row() -> None:
    query = "SELECT 1 AS a, repeat('x', 76) AS long, 'z' AS b FROM range(2)"
    block = ["a     1", f"long  {'x' * 76}", "b     z"]
    assert seen("sql", query) == [*block, "", *block]
    assert seen("sql", query, columns=100)[0].split() == ["a", "long", "b"]


@pytest.mark.parametrize("words", [("--limit", "9" * 30), ("--limit", "0"), ("--since", "2026-99-99")])
def test_a_number_or_day_that_cannot_be_is_wrong_usage(words: tuple[str, ...], run: Run) -> None:
    done = run("sessions", *words)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_every_finding_of_the_guard_itself_is_explained(run: Run) -> None:
    sources = [path.read_text("utf-8") for path in PACKAGE.rglob("*.py")]
    said = {name for text in sources for name in re.findall(r'"(guard/[a-z-]+)"', text)}
    assert said == set(GUARD_FINDINGS)
    assert "configuration" in run("explain", "guard/tampered").stdout


def test_a_text_is_scanned_as_a_command_when_told_so() -> None:
    assert "commands/recursive-delete" in shell("echo 'rm -rf ~' | $G scan --command -").stdout
