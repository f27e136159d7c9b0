"""WARM. Reads patches in the form that codex's ``apply_patch`` takes."""

from dataclasses import dataclass
from typing import Literal

BEGIN = "*** Begin Patch"
HEADERS: tuple[tuple[str, Literal["added", "modified", "deleted"]], ...] = (
    ("*** Add File: ", "added"),
    ("*** Update File: ", "modified"),
    ("*** Delete File: ", "deleted"),
)


@dataclass(frozen=True, slots=True)
class PatchedFile:
    """One file of a patch."""

    path: str
    change: Literal["added", "modified", "deleted"]
    added: str
    """The lines that the patch adds."""


def patched_files(text: str) -> tuple[PatchedFile, ...]:
    """The files of a patch in order; () when the text holds none."""
    files: list[PatchedFile] = []
    added: list[str] = []
    for line in text.partition(BEGIN)[2].splitlines():
        started = _header(line)
        if started is not None:
            _close(files, added)
            files.append(started)
            added = []
        elif line.startswith("*** End Patch"):
            break
        elif line.startswith("+"):
            added.append(line[1:])
    _close(files, added)
    return tuple(files)


def _header(line: str) -> PatchedFile | None:
    for start, change in HEADERS:
        if line.startswith(start):
            return PatchedFile(line[len(start) :].strip(), change, "")
    return None


def _close(files: list[PatchedFile], added: list[str]) -> None:
    if files and added:
        files[-1] = PatchedFile(files[-1].path, files[-1].change, "\n".join(added) + "\n")
