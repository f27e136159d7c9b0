"""COLD. What changed in the working tree between start and end, in git's terms."""

import os
from collections.abc import Iterator
from typing import Literal

from guardrail_proxy.session import FileChange
from guardrail_proxy.sidecar.facts import git_on_files, tree_state

Change = Literal["added", "modified", "deleted"]
MOST = 1000
PLAIN = ("-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty")
"""Names as they are, and nothing that the repository's configuration would run."""


def file_changes(meta: dict[str, object]) -> tuple[FileChange, ...]:
    """Files that the session committed, or left changed in the tree; () outside a repository."""
    root, before, dirty = meta.get("repo"), meta.get("head_before"), meta.get("dirty_before")
    if not isinstance(root, str):
        return ()
    found = {change.path: change for change in _committed(root, before)}
    now = tree_state(root)
    if isinstance(dirty, dict) and now is not None:  # else git was asked in vain, then or now
        found |= _left(root, dirty, now)
        found |= {path: _undone(root, path) for path in sorted(dirty.keys() - now.keys() - found.keys())}
    return tuple(list(found.values())[:MOST])


def _left(root: str, dirty: dict[str, object], now: dict[str, str]) -> dict[str, FileChange]:
    """What is changed in the tree, and was not like that at the start."""
    counts = _line_counts(root)
    changed = {path: state for path, state in now.items() if dirty.get(path) != state}
    return {
        path: FileChange(path, _kind(state[:2]), *counts.get(path, (None, None))) for path, state in changed.items()
    }


def _undone(root: str, path: str) -> FileChange:
    """A file that was changed at the start and is not any more."""
    return FileChange(path, "modified" if os.path.lexists(os.path.join(root, path)) else "deleted")


def _kind(status: str) -> Change:
    if "D" in status:
        return "deleted"
    return "added" if status in ("??", "A ", "AM") else "modified"


def _committed(root: str, before: object) -> Iterator[FileChange]:
    if not isinstance(before, str) or not before:
        return
    said = (git_on_files(root, "diff", "--name-status", *PLAIN, f"{before}..HEAD") or "").split("\0")
    kinds: dict[str, Change] = {"A": "added", "D": "deleted"}
    for letter, path in zip(said[::2], said[1::2], strict=False):
        yield FileChange(path, kinds.get(letter, "modified"), source="commit")


def _line_counts(root: str) -> dict[str, tuple[int | None, int | None]]:
    found: dict[str, tuple[int | None, int | None]] = {}
    for line in (git_on_files(root, "diff", "--numstat", *PLAIN, "HEAD") or "").split("\0"):
        added, _, rest = line.partition("\t")
        deleted, _, path = rest.partition("\t")
        found[path] = (int(added), int(deleted)) if added.isdigit() and deleted.isdigit() else (None, None)
    return found
