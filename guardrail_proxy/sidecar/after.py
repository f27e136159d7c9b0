"""COLD. What a session had changed when it ended: looked at then, though the finisher may come to it later."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

from guardrail_proxy.durable import replace_durably
from guardrail_proxy.json_file import read_json
from guardrail_proxy.redact import redact_json
from guardrail_proxy.session import FileChange
from guardrail_proxy.sidecar.changes import file_changes
from guardrail_proxy.sidecar.facts import head

FILE = "changes.json"


class After(NamedTuple):
    """``head``: the commit that is checked out, None outside a repository."""

    head: str | None
    changes: tuple[FileChange, ...]


def note_after(folder: str) -> None:
    """Write ``changes.json``, redacted: until the finisher comes, somebody else may change the tree."""
    place = Path(folder)
    meta = read_json(place / "meta.json")
    if meta.get("repo") and not meta.get("excluded"):
        after = after_now(meta)
        found = redact_json({"head": after.head, "changes": [asdict(change) for change in after.changes]})
        replace_durably(place / FILE, json.dumps(found).encode())


def noted_after(folder: Path, meta: dict[str, object]) -> After:
    """As the sidecar noted it at the end, for who knows that one did; as it is now where nothing was noted."""
    found = read_json(folder / FILE)
    head_then, changes = found.get("head"), found.get("changes")
    try:
        if isinstance(changes, list):
            return After(str(head_then) if head_then else None, tuple(FileChange(**change) for change in changes))
    except TypeError:
        pass
    return after_now(meta)


def after_now(meta: dict[str, object]) -> After:
    """Of the repository that ``meta.json`` names."""
    return After(head(str(meta.get("cwd", ""))) if meta.get("repo") else None, file_changes(meta))
