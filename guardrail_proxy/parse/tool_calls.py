"""WARM. What a tool call means: a command, a file write, or just a call. The same names in transcripts and hooks."""

import json
import shlex
from dataclasses import dataclass, replace

from guardrail_proxy.parse.patch import patched_files
from guardrail_proxy.parse.shape import JsonObject, as_list, as_object, as_text
from guardrail_proxy.session import Event

SHELLS: dict[str, tuple[str, ...]] = {
    "Bash": ("command",),
    "PowerShell": ("command",),
    "Monitor": ("command",),
    "shell": ("command",),
    "local_shell": ("command",),
    "shell_command": ("command",),
    "exec_command": ("cmd", "command"),
    "write_stdin": ("chars",),
    "run_shell_command": ("command",),
    "bash": ("command",),
}
"""Tools that run a command -> the arguments that may hold it."""

WRITERS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Write": (("file_path", "path"), ("content", "file_text")),
    "Edit": (("file_path", "path"), ("new_string", "new_str")),
    "NotebookEdit": (("notebook_path",), ("new_source",)),
    "write_file": (("file_path",), ("content",)),
    "replace": (("file_path",), ("new_string",)),
    "write": (("filePath",), ("content",)),
    "edit": (("filePath", "file_path"), ("newString", "new_string")),
}
"""Tools that write a file -> the arguments that may hold path and text."""

PATCHERS = ("apply_patch", "ApplyPatch")

SERVED, SERVED_COMMANDS = "mcp__", ("command", "cmd")
"""Tools of MCP servers, and the arguments in which those that run something are given it."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call as a transcript or a hook tells it."""

    name: str
    arguments: object
    """A JSON object, or text where the tool takes free text."""


def tool_events(call: ToolCall, like: Event) -> tuple[Event, ...]:
    """The events of one call; ``like`` gives them time, source, call id and the rest."""
    like = replace(like, name=call.name)
    arguments = as_object(call.arguments)
    if call.name in SHELLS:
        command = _command(arguments, SHELLS[call.name]) or as_text(call.arguments)
        patch = _patch_events(command, like)
        ran = (replace(like, kind="command", text=command),) if command.strip() else (_plain(call, like),)
        return patch or ran
    if call.name in PATCHERS:
        return _patch_events(_free_text(call.arguments), like) or (_plain(call, like),)
    if call.name in WRITERS:
        paths, texts = WRITERS[call.name]
        return (replace(like, kind="file write", path=_first(arguments, paths), text=_first(arguments, texts)),)
    if call.name == "MultiEdit":
        return _multi_edit(arguments, like) or (_plain(call, like),)
    if call.name.startswith(SERVED) and (command := _command(arguments, SERVED_COMMANDS)).strip():
        return (_plain(call, like), replace(like, kind="command", text=command))
    return (_plain(call, like),)


def _plain(call: ToolCall, like: Event) -> Event:
    return replace(like, kind="tool call", text=_as_json(call.arguments))


def _as_json(arguments: object) -> str:
    if arguments is None or isinstance(arguments, str):
        return arguments or ""
    try:
        return json.dumps(arguments, ensure_ascii=False)
    except RecursionError:
        return "(nested too deeply)"


def _first(arguments: JsonObject, names: tuple[str, ...]) -> str:
    return next((text for name in names if (text := as_text(arguments.get(name)))), "")


def _command(arguments: JsonObject, names: tuple[str, ...]) -> str:
    for name in names:
        value = arguments.get(name)
        if isinstance(value, str):
            return value
        if isinstance(value, list):
            return argv_line([as_text(word) for word in value])
    return ""


def argv_line(words: list[str]) -> str:
    """The command line of an argument vector; of ``bash -lc LINE`` the line."""
    is_shell = len(words) == 3 and words[0].rsplit("/", 1)[-1] in ("bash", "sh", "zsh") and words[1] in ("-c", "-lc")
    return words[2] if is_shell else shlex.join(words)


def _free_text(arguments: object) -> str:
    if isinstance(arguments, str):
        return arguments
    return _first(as_object(arguments), ("command", "input", "patch"))


def _patch_events(text: str, like: Event) -> tuple[Event, ...]:
    files = patched_files(text)
    return tuple(replace(like, kind="file write", path=f.path, text=f.added) for f in files)


def _multi_edit(arguments: JsonObject, like: Event) -> tuple[Event, ...]:
    path = as_text(arguments.get("file_path"))
    edits = (as_object(edit) for edit in as_list(arguments.get("edits")))
    return tuple(replace(like, kind="file write", path=path, text=as_text(edit.get("new_string"))) for edit in edits)
