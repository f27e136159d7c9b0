"""COLD. The hooks of the demo CLI, in the dialect of Claude Code's hooks.json."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Hooks:
    """Event name -> commands for the shell, in order."""

    commands: dict[str, tuple[str, ...]]

    @classmethod
    def read(cls, path: Path | None) -> "Hooks":
        """From a hooks.json; without one there are none. SystemExit with one line when it cannot be read."""
        if path is None:
            return cls({})
        try:
            events = json.loads(path.read_text())["hooks"]
            return cls({event: tuple(_commands(groups)) for event, groups in events.items()})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SystemExit(f"guardrail-demo-ai: {path} is no hooks file ({error})") from error

    def refusal(self, event: str, payload: dict[str, object]) -> str | None:
        """Run the event's hooks with the payload on standard input; the reason of the first that denies."""
        text = json.dumps({"hook_event_name": event, **payload})
        for command in self.commands.get(event, ()):
            reason = _denied(command, text)
            if reason is not None:
                return reason
        return None


def _commands(groups: list[dict[str, list[dict[str, str]]]]) -> list[str]:
    return [hook["command"] for group in groups for hook in group["hooks"] if hook.get("type") == "command"]


def _denied(command: str, payload: str) -> str | None:
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", command], input=payload, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode == 2:
        return done.stderr.strip() or "denied"
    return _decision(done.stdout)


def _decision(stdout: str) -> str | None:
    try:
        said = json.loads(stdout).get("hookSpecificOutput", {})
    except (ValueError, AttributeError):
        return None
    if said.get("permissionDecision") != "deny":
        return None
    return str(said.get("permissionDecisionReason") or "denied")
