"""A desk a test: no AI CLI on PATH but those the test makes, and the demo CLI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from desk import Desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    programs, project = tmp_path / "bin", tmp_path / "project"
    programs.mkdir()
    project.mkdir()
    monkeypatch.setenv("PATH", os.pathsep.join((str(programs), "/usr/bin", "/bin")))
    return Desk(programs, project)


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    """A pipe with a name: who reads it sees the end once every writer is gone."""
    path = tmp_path / "alive"
    os.mkfifo(path)
    return path
