"""COLD. Writes our lines into start-up files and takes them out again; says each change as one line."""

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from guardrail_proxy.config.replace_file import replace_file
from guardrail_proxy.install.start_up import BLOCK, StartUp, with_lines, without_block

SOURCED = re.compile(rb"'([^'\n]{1,4096}/env\.(?:sh|fish))'")
"""The env file that our lines read."""


@dataclass(frozen=True, slots=True)
class Change:
    """One file to write (``after`` None: to remove), or, with ``by_hand``, to be changed by its owner."""

    path: Path
    after: bytes | None
    says: str
    by_hand: bool = False
    folders: int = 0
    """How many folders above a removed file were made for it."""


def additions(files: tuple[StartUp, ...]) -> Iterator[Change]:
    """What installing changes; nothing for a file that is as it should be."""
    for file in files:
        before = _read(file.path)
        after = with_lines(before, file, _missing_folders(file.path))
        if after == before:
            continue
        if not _can_write(file.path):
            yield Change(file.path, None, f"{file.path} is read-only, add by hand: {file.line}", by_hand=True)
        else:
            yield Change(file.path, after, f"added the shims' folder to PATH in {file.path}")


def removals(files: tuple[StartUp, ...]) -> Iterator[Change]:
    """What uninstalling changes."""
    for file in files:
        before = _read(file.path)
        rest = without_block(before) if before is not None else None
        if rest is None:
            continue
        if other := _other_home(before or b"", file):
            yield Change(file.path, None, f"left our lines in {file.path}: they are of {other}", by_hand=True)
        elif not _can_write(file.path):
            yield Change(file.path, None, f"{file.path} is read-only, remove our lines by hand", by_hand=True)
        elif rest.new_file and not rest.text:
            yield Change(file.path, None, f"removed {file.path}", folders=rest.new_folders)
        else:
            yield Change(file.path, rest.text, f"removed our lines from {file.path}")


def _other_home(before: bytes, file: StartUp) -> str:
    """The guardrail home that our lines in a file serve, when it is another one and still there; else ""."""
    block = BLOCK.search(before)
    sourced = SOURCED.search(block[0]) if block else None
    env = os.fsdecode(sourced[1]) if sourced else ""
    return os.path.dirname(env) if env and env not in file.line and os.path.exists(env) else ""


def apply(change: Change) -> None:
    """Do it. A symlink is written through; permissions stay."""
    if change.by_hand:
        return
    if change.after is None:
        Path(os.path.realpath(change.path)).unlink()
        _remove_folders(Path(os.path.realpath(change.path)), change.folders)
        return
    if change.path.exists() and change.path.stat().st_nlink > 1:
        change.path.write_bytes(change.after)  # some keep their dotfiles as hard links: a new file would be none
        return
    permissions = stat.S_IMODE(change.path.stat().st_mode) if change.path.exists() else 0o644
    Path(os.path.realpath(change.path)).parent.mkdir(parents=True, exist_ok=True)
    replace_file(change.path, change.after, permissions)


def with_lines_of_ours(files: tuple[StartUp, ...]) -> list[Path]:
    """Those that hold our lines now."""
    return [file.path for file in files if BLOCK.search(_read(file.path) or b"")]


def _remove_folders(path: Path, count: int) -> None:
    for folder in list(path.parents)[:count]:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _missing_folders(path: Path) -> int:
    return sum(1 for folder in Path(os.path.realpath(path)).parents if not folder.exists())


def _can_write(path: Path) -> bool:
    """Whether file and folder let us; a file that its owner made read-only counts as read-only for root too."""
    real = Path(os.path.realpath(path))
    if real.exists():
        return bool(real.stat().st_mode & stat.S_IWUSR) and os.access(real, os.W_OK) and os.access(real.parent, os.W_OK)
    nearest = next((folder for folder in real.parents if folder.exists()), real.parent)
    return nearest.is_dir() and os.access(nearest, os.W_OK)
