"""Install, install again, uninstall: every start-up file of every shell comes back to the last byte, link and mode."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.install.conftest import User

pytestmark = pytest.mark.slow
Snapshot = Callable[[Path], dict[str, tuple[int, bytes]]]
FILES = (
    *(".bashrc", ".bash_profile", ".bash_login", ".profile", ".zshenv", ".zshrc", ".zprofile", ".zlogin"),
    *(".config/fish/config.fish", ".config/fish/conf.d/mine.fish"),
)
CONTENTS = {
    "no file": None,
    "empty": b"",
    "a line": b"export A=1\n",
    "a line without end": b"export A=1",
    "lines of DOS": b"export A=1\r\nexport B=2\r\n",
    "DOS without end": b"export A=1\r\nexport B=2\r",
    "no UTF-8": b"# caf\xe9\n\x00\xff\n",
    "ends early": b"case $- in\n  *i*) ;;\n  *) return ;;\nesac\nexport A=1",
    "blank lines": b"\n\n\n",
}


def fill(home: Path, content: bytes | None) -> None:
    for name in FILES if content is not None else ():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes(content or b"")


@pytest.mark.parametrize("what", CONTENTS)
def test_files_come_back_to_the_last_byte(what: str, user: "User", snapshot: Snapshot) -> None:
    fill(user.home, CONTENTS[what])
    before = snapshot(user.home)
    user.lines("install", "claude")
    installed = snapshot(user.home)
    assert user.lines("install", "claude")[0] == "nothing to change"
    assert (snapshot(user.home) == installed, installed == before) == (True, False)
    user.lines("uninstall", "--yes", "--purge")
    assert snapshot(user.home) == before


def test_an_upgrade_between_leaves_no_trace_either(user: "User", snapshot: Snapshot) -> None:
    fill(user.home, CONTENTS["ends early"])
    before = snapshot(user.home)
    user.lines("install", "claude")
    for file in (user.home / ".bashrc", user.home / ".zshenv"):  # as another version may have written it
        file.write_bytes(file.read_bytes().replace(b"then . ", b"then source "))
    user.lines("install", "claude")
    assert b"source" not in (user.home / ".bashrc").read_bytes()
    user.lines("uninstall", "--yes", "--purge")
    assert snapshot(user.home) == before


def test_read_only_files_are_left_as_they_are_and_told(user: "User", snapshot: Snapshot) -> None:
    fill(user.home, CONTENTS["a line"])
    for name in FILES:
        (user.home / name).chmod(0o444)
    before = snapshot(user.home)
    told = [line for line in user.lines("install", "claude") if "is read-only, add by hand" in line]
    assert len(told) == 7  # not .zlogin and the two of fish, where we have a file of our own
    user.lines("uninstall", "--yes", "--purge")
    assert snapshot(user.home) == before


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def test_files_linked_into_a_dotfiles_repository_leave_it_clean(user: "User", snapshot: Snapshot) -> None:
    repository = user.home / "dotfiles"
    fill(repository, CONTENTS["ends early"])
    git(repository, "init", "-q")
    git(repository, "add", "-A")
    git(repository, "-c", "user.name=x", "-c", "user.email=x@example.invalid", "commit", "-qm", "x")
    for name in FILES:
        (user.home / name).parent.mkdir(parents=True, exist_ok=True)
        (user.home / name).symlink_to(os.path.relpath(repository / name, (user.home / name).parent))
    before = snapshot(user.home / ".config")
    user.lines("install", "claude")
    assert git(repository, "status", "--porcelain") != ""
    user.lines("uninstall", "--yes", "--purge")
    assert (git(repository, "status", "--porcelain"), snapshot(user.home / ".config")) == ("", before)
    assert [(user.home / name).is_symlink() for name in FILES] == [True] * len(FILES)


def test_a_link_to_nothing_stays_one(user: "User", snapshot: Snapshot) -> None:
    (user.home / ".bashrc").symlink_to("not/yet/there")
    before = snapshot(user.home)
    user.lines("install", "claude")
    user.lines("uninstall", "--yes", "--purge")
    assert snapshot(user.home) == before


def test_hard_links_stay_hard_links(user: "User", tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("export A=1\n")
    (user.home / ".bashrc").hardlink_to(kept)
    user.lines("install", "claude")
    assert "guardrail" in kept.read_text()
    user.lines("uninstall", "--yes", "--purge")
    assert (kept.read_text(), (user.home / ".bashrc").samefile(kept)) == ("export A=1\n", True)


def test_lines_are_found_where_variables_had_put_them(user: "User", snapshot: Snapshot, tmp_path: Path) -> None:
    folders = {"ZDOTDIR": str(tmp_path / "z"), "XDG_CONFIG_HOME": str(tmp_path / "x")}
    for folder in folders.values():
        Path(folder).mkdir()
    before = [snapshot(user.home), snapshot(tmp_path / "z"), snapshot(tmp_path / "x")]
    user.lines("install", "claude", **folders)
    assert (tmp_path / "z/.zshenv").exists()
    user.lines("install", "--shell", "bash", "claude")
    user.lines("uninstall", "--yes", "--purge")
    assert [snapshot(user.home), snapshot(tmp_path / "z"), snapshot(tmp_path / "x")] == before


def test_what_the_user_writes_around_our_lines_stays(user: "User") -> None:
    fill(user.home, CONTENTS["ends early"])
    user.lines("install", "claude")
    for name in FILES:
        path = user.home / name
        path.write_bytes(b"# before\n" + path.read_bytes() + b"# after\n")
    user.lines("uninstall", "--yes", "--purge")
    text = (CONTENTS["ends early"] or b"").decode()
    assert (user.home / ".bashrc").read_text() == f"# before\n{text}\n# after\n"
    assert (user.home / ".zlogin").read_text() == f"# before\n{text}# after\n"


def test_a_dry_run_on_an_installed_home_names_what_is_old_and_changes_nothing(user: "User", snapshot: Snapshot) -> None:
    user.lines("install", "claude")
    assert user.lines("install", "--dry-run", "claude")[0] == "nothing to change"
    (user.guard / "config.toml").write_text('mode = "strict"\n')
    (user.guard / "hook").write_text("changed")
    (user.home / ".bashrc").write_text("export A=1\n")
    before = snapshot(user.home)
    said = [line for line in user.lines("install", "--dry-run", "claude") if line.startswith("would")]
    assert snapshot(user.home) == before
    made = [line.removeprefix("would write ") for line in said if line.startswith("would write ")]
    names = {Path(path).relative_to(user.guard).as_posix() for path in made}
    assert names == {"hook", "bin/guardrail-exec", "plans/claude.plan", "shims/claude", "env.sh", "env.fish"}
    assert [line for line in said if line.endswith(".bashrc")] != []
