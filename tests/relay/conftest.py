"""A stand for each test."""

from pathlib import Path

import pytest
from stand import Stand


@pytest.fixture
def stand(tmp_path: Path) -> Stand:
    return Stand(tmp_path)


@pytest.fixture
def strict(tmp_path: Path) -> Stand:
    return Stand(tmp_path, "strict")


@pytest.fixture
def make_stand() -> type[Stand]:
    return Stand
