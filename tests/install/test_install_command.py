"""`guardrail-proxy install` and `uninstall` on a user's real files, through real shells."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

if TYPE_CHECKING:
    from tests.install.conftest import User

Snapshot = Callable[[Path], dict[str, tuple[int, bytes]]]
SHELLS = ("sh", "bash", "zsh", "fish")


def test_a_shim_is_made_and_every_change_is_said(user: "User") -> None:
    lines = user.lines("install", "claude")
    assert f"wrote {user.guard}/shims/claude -> {user.clis}/claude" in lines
    assert [line for line in lines if line.startswith("added")] != []
    assert [line.partition(":")[0] for line in lines[-4:]] == ["recorded", "where, how long", "stop", "now"]


def test_twice_changes_nothing(user: "User", snapshot: Snapshot) -> None:
    user.lines("install")
    before = snapshot(user.home)
    assert user.lines("install")[0] == "nothing to change"
    assert snapshot(user.home) == before


def test_a_dry_run_changes_nothing_and_names_what_the_run_then_writes(user: "User", snapshot: Snapshot) -> None:
    would = [line for line in user.lines("install", "--dry-run", "claude") if line.startswith("would")]
    assert snapshot(user.home) == {}
    did = [line for line in user.lines("install", "claude") if line.startswith(("wrote", "added"))]
    assert [line.split()[-1] for line in would if line.startswith("would write")] != []
    assert len(would) == len(did)


def test_uninstall_gives_back_every_byte(user: "User", snapshot: Snapshot) -> None:
    (user.home / ".bashrc").write_bytes(b"# mine\nalias ll='ls -l'")
    (user.home / ".bashrc").chmod(0o640)
    (user.home / "dotfiles").write_text("setopt autocd\n")
    (user.home / ".zshenv").symlink_to("dotfiles")
    (user.home / ".bash_profile").write_bytes(b". ~/.bashrc\r\n")
    before = snapshot(user.home)
    user.lines("install", "claude")
    assert snapshot(user.home) != before
    user.lines("uninstall", "--yes")
    assert snapshot(user.home) == before


def test_uninstall_keeps_sessions_and_purge_does_not(user: "User") -> None:
    user.lines("install", "claude")
    (user.guard / "spool/0").mkdir(parents=True)
    (user.guard / "spool/0/a.json").write_text("{}")
    assert user.lines("uninstall", "--yes")[-1] == f"kept: spool in {user.guard}"
    user.lines("uninstall", "--yes", "--purge")
    assert not user.guard.exists()


def test_purge_leaves_what_is_not_ours(user: "User") -> None:
    user.lines("install", "claude")
    (user.guard / "thesis.txt").write_text("years of work\n")
    user.lines("uninstall", "--yes", "--purge")
    assert [path.name for path in user.guard.iterdir()] == ["thesis.txt"]


def test_uninstall_leaves_the_lines_of_another_home(user: "User", tmp_path: Path) -> None:
    user.lines("install", "claude")
    before = (user.home / ".bashrc").read_bytes()
    said = user.lines("uninstall", "--yes", GUARDRAIL_HOME=str(tmp_path / "other"))
    assert f"left our lines in {user.home}/.bashrc: they are of {user.guard}" in said
    assert (user.home / ".bashrc").read_bytes() == before


def test_uninstall_without_a_terminal_needs_yes(user: "User") -> None:
    user.lines("install", "claude")
    done = user.run("uninstall")
    assert (done.returncode, done.stderr.count("\n"), (user.guard / "shims/claude").exists()) == (2, 1, True)


def test_uninstall_asks_on_a_terminal_and_no_means_no(user: "User") -> None:
    user.lines("install", "claude")
    env = {"HOME": str(user.home), "GUARDRAIL_HOME": str(user.guard), "PATH": user.path()}
    child = pexpect.spawn(user.command, ["uninstall"], env=env, timeout=20)
    child.expect(r"\[y/N\]")
    child.sendline("n")
    child.expect("nothing was changed")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
    assert (user.guard / "shims/claude").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_new_shell_finds_the_shim(shell: str, user: "User") -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} IS NOT INSTALLED: its start-up file is not tested (apt-get install {shell})")
    user.lines("install", "claude")
    flags = {"sh": ["-lc"], "bash": ["-ic"], "zsh": ["-c"], "fish": ["-c"]}[shell]
    env = {"HOME": str(user.home), "PATH": user.path(), "TERM": "dumb"}
    done = subprocess.run(
        [shutil.which(shell) or shell, *flags, "command -v claude"],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=20,
    )
    assert done.stdout.strip().splitlines()[-1:] == [f"{user.guard}/shims/claude"]


def test_a_shell_option_writes_only_its_files(user: "User") -> None:
    user.lines("install", "--shell", "zsh", "claude")
    assert [path.name for path in user.home.iterdir() if path.is_file()] == [".zshenv"]


def test_a_read_only_file_is_told_and_the_rest_is_installed(user: "User") -> None:
    (user.home / ".bashrc").write_text("# mine\n")
    (user.home / ".bashrc").chmod(0o444)
    lines = user.lines("install", "--shell", "bash", "claude")
    assert [line for line in lines if "add by hand" in line] != []
    assert (user.home / ".bashrc").read_text() == "# mine\n"
    assert (user.guard / "shims/claude").exists()


def test_our_own_shims_are_never_taken_for_the_real_cli(user: "User") -> None:
    user.lines("install", "claude")
    path = user.path(user.guard / "shims")
    assert user.run("install", "claude", path=path).stdout.splitlines()[0] == "nothing to change"


@pytest.mark.parametrize(("name", "status"), [("clod", 2), ("codex", 1)])
def test_a_cli_that_is_unknown_or_absent_is_one_line(name: str, status: int, user: "User") -> None:
    done = user.run("install", name)
    assert (done.returncode, done.stderr.count("\n"), name in done.stderr) == (status, 1, True)
    assert not user.guard.exists()


def test_a_home_that_cannot_be_made_is_one_line(user: "User") -> None:
    (user.home / ".guardrail").write_text("in the way")
    done = user.run("install", "claude")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_everything_in_the_home_is_private(user: "User") -> None:
    user.lines("install", "claude")
    open_ones = [p for p in user.guard.rglob("*") if not p.is_symlink() and p.stat().st_mode & 0o077]
    assert open_ones == []
    assert (user.guard / "shims/claude").stat().st_mode & 0o777 == 0o700
