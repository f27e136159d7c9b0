"""What the scripted model says, in terms no API knows: text, and calls of tools by what they do."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field
from typing import Literal

Json = dict[str, object]
Action = Literal["shell", "write", "edit"]

_numbers = itertools.count(1)

NAMES: dict[Action, tuple[str, ...]] = {
    "shell": ("Bash", "exec_command", "shell_command", "shell", "run_shell_command", "bash"),
    "write": ("Write", "write_file", "write", "create", "apply_patch"),
    "edit": ("Edit", "replace", "edit", "str_replace", "apply_patch"),
}
"""The names under which CLIs offer a tool that does this; the first one offered is called."""

PARAMETERS: dict[str, tuple[str, ...]] = {
    "command": ("command", "cmd"),
    "path": ("file_path", "filePath", "path"),
    "content": ("content", "file_text"),
    "old": ("old_string", "oldString", "old_str"),
    "new": ("new_string", "newString", "new_str"),
}


def fresh(prefix: str) -> str:
    """A new id, as the APIs give their objects."""
    return f"{prefix}_{next(_numbers):024d}"


@dataclass(frozen=True)
class Call:
    """One tool call: what to do, and with which generic arguments."""

    action: Action
    arguments: dict[str, str]


def shell(command: str) -> Call:
    """Run a shell command."""
    return Call("shell", {"command": command})


def write(path: str, content: str) -> Call:
    """Write a file."""
    return Call("write", {"path": path, "content": content})


def edit(path: str, old: str, new: str) -> Call:
    """Replace text in a file."""
    return Call("edit", {"path": path, "old": old, "new": new})


@dataclass(frozen=True)
class Turn:
    """One answer of the model: text, then tool calls; or an HTTP error."""

    text: str = ""
    calls: tuple[Call, ...] = ()
    error: int = 0


@dataclass(frozen=True)
class Tool:
    """A tool as a CLI offers it."""

    name: str
    schema: Json = field(default_factory=dict)
    freeform: bool = False


@dataclass(frozen=True)
class NamedCall:
    """A call in the CLI's own terms; ``freeform`` is the input of a tool without a schema."""

    id: str
    name: str
    arguments: Json
    freeform: str | None = None

    @property
    def json(self) -> str:
        """The arguments as the APIs carry them."""
        return json.dumps(self.arguments)


def named(call: Call, offered: dict[str, Tool]) -> NamedCall:
    """The call of the best tool offered; a missing file tool becomes a shell call of apply_patch."""
    name = next((n for n in NAMES[call.action] if n in offered), None)
    if name is None:
        return named(shell(f"apply_patch <<'END'\n{patch(call)}\nEND"), offered)
    tool = offered[name]
    if tool.name == "apply_patch":
        text = patch(call)
        return NamedCall(fresh("call"), name, {"input": text}, text if tool.freeform else None)
    return NamedCall(fresh("call"), name, arguments(tool, call.arguments))


def arguments(tool: Tool, wanted: dict[str, str]) -> Json:
    """Arguments under the tool's own parameter names, required ones that nobody asked for filled in."""
    properties = tool.schema.get("properties")
    known: Json = properties if isinstance(properties, dict) else {}
    names = {key: next((n for n in PARAMETERS.get(key, ()) if n in known), key) for key in wanted}
    filled: Json = {names[key]: value for key, value in wanted.items()}
    required = tool.schema.get("required")
    for name in required if isinstance(required, list) else []:
        filled.setdefault(name, filler(known.get(name)))
    return filled


def filler(schema: object) -> object:
    """A value of the form that a JSON schema asks for."""
    if not isinstance(schema, dict):
        return "scripted"
    if isinstance(choices := schema.get("enum"), list) and choices:
        return choices[0]
    kind = str(schema.get("type", "string")).lower()
    if kind == "object":
        known = schema.get("properties")
        return {name: filler(part) for name, part in known.items()} if isinstance(known, dict) else {}
    values: Json = {"boolean": False, "integer": 1, "number": 1, "array": []}
    return values.get(kind, "scripted")


def patch(call: Call) -> str:
    """A write or edit in the patch format of codex."""
    path, a = call.arguments["path"], call.arguments
    if call.action == "write":
        body = "".join(f"+{line}\n" for line in a["content"].splitlines())
        return f"*** Begin Patch\n*** Add File: {path}\n{body}*** End Patch"
    lines = [f"-{line}\n" for line in a["old"].splitlines()] + [f"+{line}\n" for line in a["new"].splitlines()]
    return f"*** Begin Patch\n*** Update File: {path}\n@@\n{''.join(lines)}*** End Patch"
