"""A user's HOME with shells set up, one fake AI CLI, and our commands run as that user would."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).parent / "guardrail-proxy"
FAKE_CLAUDE = "#!/bin/sh\necho '2.1.197 (Claude Code)'\n"


@dataclass(frozen=True)
class User:
    """A user with a HOME, a guardrail home and a folder of AI CLIs on PATH."""

    home: Path
    guard: Path
    clis: Path

    def path(self, *ahead: Path) -> str:
        """PATH: folders ahead, the CLIs, the system."""
        return os.pathsep.join([*map(str, ahead), str(self.clis), "/usr/bin", "/bin"])

    @property
    def command(self) -> str:
        """The guardrail-proxy program."""
        return str(COMMAND)

    def run(self, *words: str, path: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        """A guardrail-proxy command."""
        env = {"HOME": str(self.home), "GUARDRAIL_HOME": str(self.guard), "PATH": path or self.path()}
        return subprocess.run(
            [str(COMMAND), *words],
            env={**env, **more},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=90,
        )

    def lines(self, *words: str, **more: str) -> list[str]:
        """Its lines on stdout, which must be without error."""
        done = self.run(*words, **more)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout.splitlines()

    def fake(self, name: str, text: str = FAKE_CLAUDE) -> Path:
        """An AI CLI of that name."""
        path = self.clis / name
        path.write_text(text)
        path.chmod(0o755)
        return path


@pytest.fixture
def user(tmp_path: Path) -> User:
    user = User(tmp_path / "user", tmp_path / "user/.guardrail", tmp_path / "clis")
    user.home.mkdir()
    user.clis.mkdir()
    user.fake("claude")
    return user


@pytest.fixture
def snapshot() -> Callable[[Path], dict[str, tuple[int, bytes]]]:
    """Every file and folder below a folder, with mode and content (or where a link points)."""

    def take(root: Path) -> dict[str, tuple[int, bytes]]:
        return {path.relative_to(root).as_posix(): (path.lstat().st_mode, content(path)) for path in root.rglob("*")}

    return take


def content(path: Path) -> bytes:
    if path.is_symlink():
        return os.fsencode(os.readlink(path))
    return path.read_bytes() if path.is_file() else b""
