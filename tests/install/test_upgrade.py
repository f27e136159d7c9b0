"""Installing again leaves nothing of the old behind."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.install import hot_copy

if TYPE_CHECKING:
    from tests.install.conftest import User

pytestmark = pytest.mark.slow
Snapshot = Callable[[Path], dict[str, tuple[int, bytes]]]


def test_an_upgrade_leaves_no_trace_of_the_version_before_last(
    user: "User", monkeypatch: pytest.MonkeyPatch, snapshot: Snapshot
) -> None:
    before = snapshot(user.home)
    user.lines("install", "claude")
    whole = hot_copy.hot_files()
    for number in range(4):
        new = {**whole, "guardrail_proxy/new.py": b"# %d\n" % number}
        monkeypatch.setattr(hot_copy, "hot_files", lambda new=new: new)
        hot_copy.copy_hot(Home(user.guard))
    assert len(list(user.guard.glob(".hot-*"))) == hot_copy.KEPT
    user.lines("uninstall", "--yes", "--purge")
    assert snapshot(user.home) == before
