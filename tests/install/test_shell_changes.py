"""Start-up files on disk: links, permissions, read-only files, folders that we made."""

import os
from pathlib import Path

from guardrail_proxy.install.shell_changes import additions, apply, removals
from guardrail_proxy.install.start_up import StartUp


def add(path: Path) -> list[str]:
    changes = list(additions((StartUp(path, ". /h/env.sh"),)))
    for change in changes:
        apply(change)
    return [change.says for change in changes]


def remove(path: Path) -> list[str]:
    changes = list(removals((StartUp(path, ""),)))
    for change in changes:
        apply(change)
    return [change.says for change in changes]


def test_a_new_file_and_its_folders_are_gone_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "a/b/c.fish"
    add(path)
    assert path.exists()
    remove(path)
    assert list(tmp_path.iterdir()) == []


def test_a_made_folder_that_holds_more_now_stays(tmp_path: Path) -> None:
    add(tmp_path / "a/c.fish")
    (tmp_path / "a/else").touch()
    remove(tmp_path / "a/c.fish")
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["else"]


def test_a_folder_that_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    add(tmp_path / "a/c.fish")
    remove(tmp_path / "a/c.fish")
    assert (tmp_path / "a").exists()


def test_a_link_is_written_through_and_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").write_text("export A=1\n")
    (tmp_path / ".bashrc").symlink_to("dotfiles")
    add(tmp_path / ".bashrc")
    assert (tmp_path / ".bashrc").is_symlink()
    assert "guardrail-proxy" in (tmp_path / "dotfiles").read_text()
    remove(tmp_path / ".bashrc")
    assert (os.readlink(tmp_path / ".bashrc"), (tmp_path / "dotfiles").read_text()) == ("dotfiles", "export A=1\n")


def test_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / ".bashrc"
    path.write_text("")
    path.chmod(0o640)
    add(path)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_read_only_file_is_left_and_said_what_to_add(tmp_path: Path) -> None:
    path = tmp_path / ".bashrc"
    path.write_text("export A=1\n")
    path.chmod(0o444)
    assert add(path) == [f"{path} is read-only, add by hand: . /h/env.sh"]
    assert path.read_text() == "export A=1\n"


def test_twice_is_once(tmp_path: Path) -> None:
    assert (len(add(tmp_path / "x")), add(tmp_path / "x")) == (1, [])
