"""A guardrail home that is not there: what only reads does not make one, and says so where it needs one."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from guardrail_proxy.commands._group import command_files, group
from guardrail_proxy.home import Home

Run = Callable[..., subprocess.CompletedProcess[str]]
MAKES_ONE = {
    ("config", "set"), ("daemon", "install"), ("daemon", "run"), ("daemon", "start"), ("demo-data",), ("import",),
    ("install",), ("restore",), ("worker", "run"),
}  # fmt: skip
"""What may make a home, because it writes something to it that needs no earlier session."""
NEEDS_NONE = {
    ("config", "path"), ("config", "show"), ("daemon", "status"), ("daemon", "stop"), ("daemon", "uninstall"),
    ("doctor",), ("fleet", "compact"), ("logs",), ("resume",), ("scan",), ("status",), ("store", "path"),
    ("uninstall",), ("worker", "status"),
}  # fmt: skip
"""What has an answer without one."""
MORE = {
    ("backup",): ("{tmp}/backup.tar",),
    ("delete",): ("last", "--yes"),
    ("exec",): ("--", "true"),
    ("export",): ("--all", "--out", "{tmp}/out"),
    ("fleet", "compact"): ("{tmp}/team",),
    ("fleet", "push"): ("{tmp}/team",),
    ("pin",): ("last",),
    ("scan",): ("{tmp}/text",),
    ("search",): ("text",),
    ("show",): ("last",),
    ("sql",): ("SELECT 1",),
    ("tag",): ("last", "name"),
}
"""The arguments of commands that want some."""
pytestmark = pytest.mark.slow


def every_command() -> list[tuple[str, ...]]:
    """Each command and subcommand, as it is typed."""
    with click.Context(group) as context:
        commands = {name: group.get_command(context, name) for name in command_files()}
    found = [
        (name, *((sub,) if sub else ()))
        for name, command in commands.items()
        for sub in (sorted(command.commands) if isinstance(command, click.Group) else ("",))
    ]
    return sorted(found)


@pytest.fixture
def nowhere(home: Home) -> Path:
    """A guardrail home that is not there."""
    home.root.rmdir()
    return home.root


def below(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))


@pytest.mark.parametrize("words", sorted({*every_command()} - MAKES_ONE), ids=" ".join)
def test_what_does_not_write_makes_no_home(words: tuple[str, ...], run: Run, nowhere: Path, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("nothing")
    done = run(*words, *(word.replace("{tmp}", str(tmp_path)) for word in MORE.get(words, ())))
    assert (nowhere.exists(), below(tmp_path)) == (False, [str(tmp_path / "text")]), done.stderr
    if words not in NEEDS_NONE:
        said = f"guardrail-proxy: there is no guardrail home at '{nowhere}'"
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
        assert done.stderr.startswith(said)


def test_the_tables_name_commands_that_are_there() -> None:
    assert {*MAKES_ONE, *NEEDS_NONE, *MORE} - {*every_command()} == set()
