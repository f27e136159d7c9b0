"""Writing so that a file is there whole, on disk, or as it was before."""

import ast
import os
from pathlib import Path

import pytest

from guardrail_proxy import durable
from guardrail_proxy.durable import replace_durably, write_durably


def test_a_file_is_replaced_in_one_step_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(b"old")
    with path.open("rb") as before:
        replace_durably(path, b"new")
        assert (before.read(), path.read_bytes(), path.stat().st_mode & 0o777) == (b"old", b"new", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_stays_when_the_disk_refuses(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(b"old")
    (tmp_path / "record.json.new").mkdir()
    with pytest.raises(OSError, match="directory"):
        replace_durably(path, b"new")
    assert path.read_bytes() == b"old"


def test_a_name_without_a_folder_is_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    replace_durably("here", b"x")
    assert (tmp_path / "here").read_bytes() == b"x"


def test_more_than_one_write_takes_is_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, data[:3]))
    write_durably(tmp_path / "file", b"0123456789")
    assert (tmp_path / "file").read_bytes() == b"0123456789"


def test_it_loads_nothing_that_costs_a_start() -> None:
    tree = ast.parse(Path(durable.__file__).read_text())
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(node) for node in imported] == ["import os"]
