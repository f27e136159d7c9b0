"""Doctor's table: a row a launcher, each hole once with its fix; the copies of CLIs that editors bring."""

from typing import TYPE_CHECKING

import pytest

from guardrail_proxy.config import Config
from guardrail_proxy.home import Home
from guardrail_proxy.install.doctor.bundles import bundle_cells
from guardrail_proxy.install.doctor.coverage import Cell
from guardrail_proxy.install.doctor.launchers import LAUNCHERS
from guardrail_proxy.install.doctor.table import check_launchers, holes, rows

if TYPE_CHECKING:
    from tests.install.conftest import User

pytestmark = pytest.mark.slow


def test_a_cli_that_is_switched_off_is_no_hole(user: "User", monkeypatch: pytest.MonkeyPatch) -> None:
    user.lines("install", "claude")
    monkeypatch.setattr(
        "guardrail_proxy.install.doctor.table.LAUNCHERS",
        tuple(one for one in LAUNCHERS if one.shell == "sh" and one.is_set_up),
    )
    monkeypatch.setenv("HOME", str(user.home))
    config = Config.model_validate({"tools": {"claude": {"enabled": False}}})
    found = list(check_launchers(Home(user.guard), config, ("claude",)))
    assert [(one.text.split()[-1], one.ok) for one in found] == [("claude", True), ("off", True)]


BUNDLE = ".vscode/extensions/anthropic.claude-code-2.1.0/resources/native-binary/claude"


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        ("", "BYPASSED"),
        ('{{ "claudeCode.claudeProcessWrapper": "{wrapper}", }}', "covered"),
        ('{{\n  // "claudeCode.claudeProcessWrapper": "{wrapper}"\n}}', "BYPASSED"),
        ('{{ "claudeCode.claudeProcessWrapper": "/usr/bin/env" }}', "BYPASSED"),
        ('{{ "claudeCode.claudeProcessWrapper": "/nowhere" }}', "BYPASSED"),
    ],
)
def test_an_editors_copy_is_covered_when_its_wrapper_is_seen_to_work(
    settings: str, state: str, user: "User", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(user.home))
    (user.home / BUNDLE).parent.mkdir(parents=True)
    (user.home / BUNDLE).write_text("#!/bin/sh\n")
    (user.home / BUNDLE).chmod(0o755)
    user.lines("install")
    home = Home(user.guard)
    if settings:
        (user.home / ".config/Code/User").mkdir(parents=True)
        (user.home / ".config/Code/User/settings.json").write_text(settings.format(wrapper=home.wrapper) + "\n")
    (found,) = bundle_cells(home)
    assert (found.launcher, found.state) == ("VS Code: its own claude", state)
    assert state == "covered" or f'"claudeCode.claudeProcessWrapper": "{home.wrapper}"' in found.fix


def test_the_table_has_a_row_a_launcher_and_each_reason_is_told_once() -> None:
    cells = [
        Cell("bash", "claude", "BYPASSED", "an alias", "remove it"),
        Cell("bash", "codex", "covered"),
        Cell("zsh", "claude", "BYPASSED", "an alias", "remove it"),
    ]
    assert [row.split() for row in rows(cells)] == [
        ["launcher", "claude", "codex"],
        ["bash", "BYPASSED", "covered"],
        ["zsh", "BYPASSED"],
    ]
    (found,) = holes(cells)
    assert (found.text, found.fix) == ("claude runs unguarded in [bash, zsh]: an alias", "remove it")
