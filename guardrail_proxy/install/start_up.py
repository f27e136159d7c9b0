"""COLD. Our lines in the shells' start-up files: pure functions from what a file holds to what it should hold.

The first marker says what removing must undo: ``new file``, how many folders were made for it, and whether the
file's last line had no end, so that uninstalling gives back every byte.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from guardrail_proxy.home import Home
from guardrail_proxy.install.env_files import fish_quote, sh_quote

BEGIN = "# >>> guardrail-proxy >>>"
END = "# <<< guardrail-proxy <<<"
BLOCK = re.compile(
    rb"(?P<joint>\n?)# >>> guardrail-proxy >>>(?P<notes>[^\n]*)\n"
    rb"(?:(?!# <<< guardrail-proxy <<<)[^\n]*\n)*"
    rb"# <<< guardrail-proxy <<<\r?(?:\n|\Z)"  # an editor may have made it a file of DOS
)
AT_HEAD = " first"
"""The note of a block at a file's head."""
EARLY_END = re.compile(rb"^[^#\n]*\b(?:return|exit)\b", re.MULTILINE)
SYSTEM_ZPROFILES = (Path("/etc/zprofile"), Path("/etc/zsh/zprofile"))
CHANGES_PATH = re.compile(rb"^[^#\n]*\b(?:path_helper|PATH|path|profile)\b", re.MULTILINE)
SHELLS = ("bash", "zsh", "fish")


@dataclass(frozen=True, slots=True)
class StartUp:
    """One start-up file that should source an env file."""

    path: Path
    line: str
    may_end_early: bool = False
    """bash reads .bashrc for sshd's commands too: where it returns early then, our lines stand at its head as well."""


def start_up_files(home: Home, shells: tuple[str, ...], user: Path, env: Mapping[str, str]) -> tuple[StartUp, ...]:
    """The files to write for some shells: login and non-login, and those that would shadow them where they exist."""
    paths = [path for shell in shells for path in _POSIX.get(shell, _no_files)(user, env)]
    found = [StartUp(path, _posix_line(home), may_end_early=path.name == ".bashrc") for path in paths]
    if "fish" in shells:
        config = Path(env.get("XDG_CONFIG_HOME") or user / ".config")
        found.append(StartUp(config / "fish/conf.d/guardrail-proxy.fish", _fish_line(home)))
    return tuple(found)


def recorded_files(home: Home) -> tuple[StartUp, ...]:
    """The files that hold our lines by the home's own record: variables may have told where they are."""
    try:
        paths = [Path(line) for line in os.fsdecode(home.start_up_files.read_bytes()).splitlines()]
    except OSError:
        return ()
    lines = {True: _fish_line(home), False: _posix_line(home)}
    return tuple(StartUp(path, lines[path.suffix == ".fish"]) for path in paths if path.is_absolute())


def _posix_line(home: Home) -> str:
    env = sh_quote(str(home.root / "env.sh"))
    return f"if [ -r {env} ]; then . {env}; fi"


def _fish_line(home: Home) -> str:
    env = fish_quote(str(home.root / "env.fish"))
    return f"test -r {env}; and source {env}"


def _no_files(user: Path, env: Mapping[str, str]) -> list[Path]:
    del user, env
    return []


def _bash_files(user: Path, env: Mapping[str, str]) -> list[Path]:
    del env
    shadowing = [path for path in (user / ".bash_profile", user / ".bash_login") if path.exists()]
    return [user / ".profile", *shadowing, user / ".bashrc"]


def _zsh_files(user: Path, env: Mapping[str, str]) -> list[Path]:
    """.zshenv for every zsh; what exists of the later files too, because they may put folders ahead of ours.

    .zprofile also where the system's own, read between the two, does so: macOS puts /etc/paths first there.
    """
    folder = Path(env.get("ZDOTDIR") or user)
    late = {folder / ".zprofile": _system_changes_path(), folder / ".zshrc": False}
    return [folder / ".zshenv", *(path for path, is_needed in late.items() if is_needed or path.exists())]


def _system_changes_path() -> bool:
    for path in SYSTEM_ZPROFILES:
        try:
            if CHANGES_PATH.search(path.read_bytes()):
                return True
        except OSError:
            continue
    return False


_POSIX: dict[str, Callable[[Path, Mapping[str, str]], list[Path]]] = {"bash": _bash_files, "zsh": _zsh_files}


def with_lines(before: bytes | None, file: StartUp, new_folders: int = 0) -> bytes:
    """What the file should hold: our block at its end, once, and at its head where it may end before."""
    after = with_block(before, file.line, new_folders)
    if file.may_end_early and EARLY_END.search(BLOCK.sub(b"", before or b"")):
        return with_head(after, file.line)
    return after


def with_head(before: bytes, line: str) -> bytes:
    """The file with our block at its head, once."""
    had = next(_blocks(before, at_head=True), None)
    start, end = had.span() if had else (0, 0)
    return before[:start] + (had["joint"] if had else b"") + _block(line, AT_HEAD) + before[end:]


def with_block(before: bytes | None, line: str, new_folders: int = 0) -> bytes:
    """What the file should hold: our block at its end, once."""
    had = next(_blocks(before or b"", at_head=False), None)
    if before is not None and had:
        notes = had["notes"].decode(errors="replace").rstrip("\r")
        return before[: had.start()] + had["joint"] + _block(line, notes) + before[had.end() :]
    notes = f" new file, {new_folders} new folders" if before is None else ""
    open_end = bool(before) and not (before or b"").endswith(b"\n")
    notes += " after a line without end" if open_end else ""
    return (before or b"") + (b"\n" if open_end else b"") + _block(line, notes)


def _blocks(text: bytes, *, at_head: bool) -> Iterator[re.Match[bytes]]:
    return (found for found in BLOCK.finditer(text) if (AT_HEAD.encode() in found["notes"]) == at_head)


def _block(line: str, notes: str) -> bytes:
    return os.fsencode(f"{BEGIN}{notes}\n{line}\n{END}\n")


@dataclass(frozen=True, slots=True)
class Without:
    """What a file holds without our block."""

    text: bytes
    new_file: bool
    new_folders: int


def without_block(before: bytes) -> Without | None:
    """The file as it was before our blocks; None when there is none."""
    head = next(_blocks(before, at_head=True), None)
    text = before[: head.start()] + head["joint"] + before[head.end() :] if head else before
    had = next(_blocks(text, at_head=False), None)
    if had is None:
        return Without(text, new_file=False, new_folders=0) if head else None
    notes = had["notes"].decode(errors="replace")
    is_last = had.end() == len(text)
    joint = b"" if "without end" in notes and is_last else had["joint"]
    folders = re.search(r"(\d+) new folders", notes)
    text = text[: had.start()] + joint + text[had.end() :]
    return Without(text, "new file" in notes, int(folders[1]) if folders else 0)
