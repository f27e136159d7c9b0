"""WARM. Hooks in the dialect of Claude Code, which several CLIs take: which events, and the command behind them."""

import json
import shlex
from pathlib import Path

from guardrail_proxy.session import Mode

EVENTS: dict[Mode, tuple[str, ...]] = {
    "standard": ("SessionStart",),
    "strict": ("SessionStart", "UserPromptSubmit", "PreToolUse"),
}
"""Standard asks only for what the transcript cannot give: each hook costs a process start."""
MATCHED = ("PreToolUse",)
TIMEOUT_S = 60
"""Over the 10 s after which our own client answers for a gate that is silent: a CLI's timeout lets the call through."""


def hook_command(home: Path, mode: Mode, cli: str) -> str:
    """The shell line that a CLI runs; in strict a hook that cannot run denies."""
    line = f"{shlex.quote(str(home / 'hook'))} {mode} {cli}"
    return f"{line} || exit 2" if mode == "strict" else line


def hooks_json(home: Path, mode: Mode, cli: str) -> str:
    """The text of a ``hooks.json`` with our events for one mode."""
    command = {"type": "command", "command": hook_command(home, mode, cli), "timeout": TIMEOUT_S}
    groups = {event: [{**({"matcher": "*"} if event in MATCHED else {}), "hooks": [command]}] for event in EVENTS[mode]}
    return json.dumps({"hooks": groups}, indent=2) + "\n"
