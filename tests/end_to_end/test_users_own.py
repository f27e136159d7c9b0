"""What the user set up stays in force beside the guard: instructions, hooks, settings, flags; no file changes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from conftest import Installer
from guard import Guard
from model import ModelServer, Turn, shell

pytestmark = [pytest.mark.realcli, pytest.mark.slow]
MODES = pytest.mark.parametrize("mode", ["standard", "strict"])


def hook_file(guard: Guard) -> Path:
    """A hook of the user's own: notes that it ran, and adds to the context."""
    said = {"hookSpecificOutput": {"hookEventName": "SessionStart", "additionalContext": "OWN-HOOK-CONTEXT"}}
    path = guard.stage.home / "own-hook"
    path.write_text(f"#!/bin/sh\necho ran >> \"$HOME/own-hook-ran\"\ncat >/dev/null\necho '{json.dumps(said)}'\n")
    path.chmod(0o755)
    return path


def digests(*paths: Path) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


@MODES
def test_claudes_own_instructions_hooks_settings_and_flags_are_in_force(mode: str, installed: Installer) -> None:
    guard = installed("claude", mode=mode)
    group = {"hooks": [{"type": "command", "command": str(hook_file(guard))}]}
    own = {"hooks": {"SessionStart": [group]}, "env": {"OWN_SETTING": "own-value"}}
    settings, memory = guard.stage.home / ".claude/settings.json", guard.stage.project / "CLAUDE.md"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text(json.dumps(own))
    memory.write_text("OWN-MEMORY\n")
    flag = json.dumps({"env": {"OWN_FLAG": "flag-value"}})
    before = digests(settings, memory)
    turns = (Turn("Looking.", (shell('echo "$OWN_SETTING $OWN_FLAG" > seen.txt'),)), Turn("Done."))
    with ModelServer(turns) as model:
        done = guard.play("claude", model.url, "--append-system-prompt", "OWN-SYSTEM", "--settings", flag)
        request = json.dumps(model.requests[0])
    assert done.returncode == 0, done.stderr
    own_words = ("OWN-MEMORY", "OWN-SYSTEM", "OWN-HOOK-CONTEXT", "Working agreement")
    assert [word for word in own_words if word not in request] == []
    assert (guard.stage.project / "seen.txt").read_text() == "own-value flag-value\n"
    assert (guard.stage.home / "own-hook-ran").exists()
    assert digests(settings, memory) == before


@MODES
def test_codexs_own_instructions_and_flags_are_in_force(mode: str, installed: Installer) -> None:
    guard = installed("codex", mode=mode)
    memory = guard.stage.project / "AGENTS.md"
    memory.write_text("OWN-MEMORY\n")
    with ModelServer((Turn("Done."),)) as model:
        done = guard.play("codex", model.url, "-c", 'developer_instructions="OWN-DEVELOPER"', "-c", 'model="own-model"')
        request = json.dumps(model.requests[0])
    assert done.returncode == 0, done.stderr
    own_words = ("OWN-MEMORY", "OWN-DEVELOPER", "own-model", "Working agreement")
    assert [word for word in own_words if word not in request] == []


def test_developer_instructions_of_codexs_own_configuration_are_not_replaced(installed: Installer) -> None:
    guard = installed("codex")
    with ModelServer((Turn("Done."),)) as model:
        guard.environment("codex", model.url)  # writes the configuration
        (guard.stage.project / ".codex").mkdir()
        (guard.stage.project / ".codex/config.toml").write_text('developer_instructions = "OWN-PROJECT"\n')
        guard.play("codex", model.url)
        request = json.dumps(model.requests[0])
    assert [word for word in ("OWN-PROJECT", "Working agreement") if word not in request] == []
