"""WARM. What a CLI tells its hooks: the events of one call, and of all calls of a session."""

import os.path
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from guardrail_proxy.parse.lines import read_objects
from guardrail_proxy.parse.shape import as_object, as_text, as_time
from guardrail_proxy.parse.tool_calls import ToolCall, tool_events
from guardrail_proxy.session import Event

PROMPTS = ("UserPromptSubmit", "BeforeAgent")
CALLS = ("PreToolUse", "BeforeTool")


@dataclass(frozen=True, slots=True)
class HookCalls:
    """All hook calls of a session."""

    events: tuple[Event, ...] = ()
    count: int = 0
    broken: int = 0
    transcript_paths: tuple[str, ...] = ()
    """Where the CLI says its native transcript is; several when the user began anew (``/clear``) or went back."""
    native_id: str = ""
    denied_ids: frozenset[str] = frozenset()
    """Ids of the tool calls that our gate denied."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a session began, and its HOME."""

    project: str = ""
    home: str = ""

    def away(self, folder: str) -> str:
        """A call's folder when a relative path would mean something there that is not the project's; else ''.

        A home folder or the root is no project: whoever begins a session there has all of it to lose.
        """
        is_project = self.project.rstrip("/") not in ("", self.home.rstrip("/"))
        if not folder or not self.project or (is_project and _is_below(folder, self.project)):
            return ""
        return "~" + folder[len(self.home.rstrip("/")) :] if self.home and _is_below(folder, self.home) else folder


NOWHERE = Folders()
"""Where nothing is known: every relative path counts as the project's."""


def _is_below(folder: str, top: str) -> bool:
    return f"{folder}/".startswith(f"{top.rstrip('/')}/")


def hook_call_events(
    cli: str, event: str, payload: Mapping[str, object], folders: Folders = NOWHERE
) -> tuple[Event, ...]:
    """The events of one hook call: a prompt, or what a tool is about to do; () for other calls."""
    del cli  # the hooked CLIs share one dialect
    like = Event("tool call", "", source="hooks", call_id=as_text(payload.get("tool_use_id")))
    like = replace(like, folder=folders.away(os.path.normpath(as_text(payload.get("cwd")) or "/")))
    if event in PROMPTS:
        return (replace(like, kind="prompt", text=as_text(payload.get("prompt"))),)
    if event in CALLS:
        return tool_events(ToolCall(as_text(payload.get("tool_name")), payload.get("tool_input")), like)
    return ()


def read_hook_calls(path: Path | None, cli: str, folders: Folders = NOWHERE) -> HookCalls:
    """What is in a session's ``hooks.jsonl``."""
    if path is None:
        return HookCalls()
    lines = read_objects(path)
    events: list[Event] = []
    denied: set[str] = set()
    paths: dict[str, None] = {}
    native_id = ""
    for line in lines.objects:
        payload = as_object(line.get("payload"))
        paths[as_text(payload.get("transcript_path"))] = None
        native_id = as_text(payload.get("session_id")) or native_id
        is_denied = line.get("decision") == "deny"
        if is_denied:
            denied.add(as_text(payload.get("tool_use_id")))
        at = as_time(line.get("at"))
        found = hook_call_events(cli, as_text(line.get("event")), payload, folders)
        events += [replace(event, at=at, denied=is_denied and event.kind != "prompt") for event in found]
    named = tuple(path for path in paths if path)
    return HookCalls(tuple(events), len(lines.objects), lines.broken, named, native_id, frozenset(denied - {""}))
