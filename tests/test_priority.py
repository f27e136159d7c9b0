"""Giving way: a process and, on Linux, its session among all sessions."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from guardrail_proxy import priority
from guardrail_proxy.priority import give_way, stay_gentle

IN_ITS_OWN_SESSION = """
from guardrail_proxy.priority import give_way
give_way(7)
print(open("/proc/self/autogroup").read().split()[-1])
"""


def test_the_session_becomes_as_nice_as_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = tmp_path / "autogroup"
    group.touch()
    monkeypatch.setattr(priority, "GROUP", str(group))
    give_way(0)
    assert group.read_text() == str(os.nice(0))


def test_a_system_without_groups_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(priority, "GROUP", str(tmp_path / "none"))
    give_way(0)


@pytest.mark.parametrize(("nice", "said"), [(0, ""), (10, "10")])
def test_who_was_started_gently_is_gentle_as_a_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nice: int, said: str
) -> None:
    group = tmp_path / "autogroup"
    group.touch()
    monkeypatch.setattr(priority, "GROUP", str(group))
    monkeypatch.setattr(os, "nice", lambda more: nice + more)
    stay_gentle()
    assert group.read_text() == said


@pytest.mark.skipif(not Path(priority.GROUP).exists(), reason="this kernel has no autogroups")
@pytest.mark.skipif(os.geteuid() != 0, reason="the kernel lets ordinary users ask ten times a second, all together")
def test_linux_takes_it_for_a_session_of_its_own() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", IN_ITS_OWN_SESSION], capture_output=True, text=True, start_new_session=True
    )
    assert done.stdout.strip() == str(os.nice(0) + 7), done.stderr
