"""Fixtures of the end-to-end tests: a stage a test, an install a test."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from guard import Guard, install
from stage import CLIS, SETUPS, Stage, make_stage

Installer = Callable[..., Guard]


@pytest.fixture
def play_root() -> Iterator[Path]:
    """A folder outside /tmp: codex complains of a HOME there."""
    with tempfile.TemporaryDirectory(prefix="guard-", dir="/var/tmp", ignore_cleanup_errors=True) as root:
        yield Path(root).resolve()


@pytest.fixture
def stage(play_root: Path) -> Stage:
    """HOME and project of one test, with a test suite that fails."""
    return make_stage(play_root / "stage", {"sums.py": SUMS, "test_sums.py": TESTS})


SUMS = "def add(a, b):\n    return a - b\n"
TESTS = """import unittest
from sums import add

class Sums(unittest.TestCase):
    def test_add(self):
        self.assertEqual(add(2, 2), 4)
"""


@pytest.fixture
def installed(play_root: Path, stage: Stage) -> Installer:
    """Install the guard for some CLIs, in a mode."""

    def run(*clis: str, mode: str = "standard", config: str = "") -> Guard:
        for cli in clis:
            if cli in SETUPS and not (CLIS / cli).exists():
                pytest.skip(f"{cli} is not installed: run tests/run with npm on PATH")
        return install(play_root, stage, *clis, config=f'mode = "{mode}"\n' + config)

    return run
