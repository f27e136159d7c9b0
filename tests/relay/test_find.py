"""The walk over PATH: which file is the real CLI."""

import os
from pathlib import Path

import pytest

from guardrail_proxy.run.find import find_real

SHIM = "#!/usr/bin/env -S python3\n# guardrail-proxy shim: x\n"


def program(folder: Path, text: str = "#!/bin/sh\n", mode: int = 0o755) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "claude").write_text(text)
    (folder / "claude").chmod(mode)
    return folder


def find(tmp_path: Path, *folders: Path | str) -> str:
    path = os.fsencode(":".join(map(str, folders)))
    return os.fsdecode(find_real(b"claude", path, os.fsencode(tmp_path / "shims")))


@pytest.fixture
def shims(tmp_path: Path) -> Path:
    return program(tmp_path / "shims", SHIM)


def test_our_shims_are_skipped_also_twice_through_a_link_and_in_another_home(tmp_path: Path, shims: Path) -> None:
    (tmp_path / "link").symlink_to(shims)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/claude").symlink_to(shims / "claude")
    other, real = program(tmp_path / "other", SHIM), program(tmp_path / "bin")
    found = find(tmp_path, shims, tmp_path / "link", tmp_path / "linked", other, shims, real)
    assert found == str(real / "claude")


def test_what_cannot_be_executed_is_skipped(tmp_path: Path, shims: Path) -> None:
    (tmp_path / "folder/claude").mkdir(parents=True)
    plain, real = program(tmp_path / "plain", mode=0o644), program(tmp_path / "bin")
    assert find(tmp_path, shims, "/nonexistent", tmp_path / "folder", plain, real) == str(real / "claude")


def test_a_program_that_speaks_of_shims_is_no_shim(tmp_path: Path, shims: Path) -> None:
    binary = program(tmp_path / "bin", "\x7fELF guardrail-proxy shim")
    assert find(tmp_path, shims, binary) == str(binary / "claude")


def test_an_empty_entry_is_the_working_directory(tmp_path: Path, shims: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(program(tmp_path / "here"))
    assert find(tmp_path, shims, "") == "./claude"


def test_only_shims_is_nothing(tmp_path: Path, shims: Path) -> None:
    assert find(tmp_path, shims) == ""
