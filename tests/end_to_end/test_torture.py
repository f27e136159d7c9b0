"""Shims, what they started, and ingesters killed at random moments: every session is there, whole, once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from acknowledged import Acks, Writer, check
from fake_ai import ingest, install, noted

from guardrail_proxy.home import Home

WRITER = Path(__file__).parents[1] / "support/shim_writer.py"
INGEST = [sys.executable, "-I", "-m", "guardrail_proxy.store.ingest"]
KILLS, WRITERS, MOST_S = 12, 2, 12.0
"""On a busy machine time ends it before the kills do."""
pytestmark = pytest.mark.slow


def family(mark: str) -> list[int]:
    """Every process with the mark in its environment: a writer and all that it started, detached or not."""
    found = []
    for number in filter(str.isdecimal, os.listdir("/proc")):
        with suppress(OSError):
            if mark.encode() in Path(f"/proc/{number}/environ").read_bytes():
                found.append(int(number))
    return found


def kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    with suppress(subprocess.TimeoutExpired):  # the moment of its death is what is random here
        process.wait(seconds)


def test_every_session_whose_cli_began_is_there_once_whoever_is_killed(tmp_path: Path) -> None:
    home, acks, chance = Home(tmp_path / "home"), Acks(), random.Random(1)
    install(home.root, tmp_path)
    marks = [f"{tmp_path}/writer-{number}" for number in range(WRITERS)]

    def start(number: int) -> Writer:
        return Writer([sys.executable, str(WRITER), str(home.root), str(tmp_path)], acks, TORTURED=marks[number])

    writers = [start(number) for number in range(WRITERS)]
    end = time.monotonic() + MOST_S
    for _ in range(KILLS):
        if time.monotonic() > end:
            break
        ingester = subprocess.Popen([*INGEST, str(home.root)], stderr=subprocess.DEVNULL)
        wait(ingester, chance.uniform(0.3, 1.2))
        ingester.kill()
        ingester.wait()
        check(home, dict(acks))
        victim = chance.randrange(WRITERS)
        every = family(marks[victim])
        others = [pid for pid in every if pid != writers[victim].process.pid]
        if chance.random() < 0.5 and others:
            kill([chance.choice(others)])
        else:
            kill(every)
            writers[victim].kill()
            writers[victim] = start(victim)
    for mark, writer in zip(marks, writers, strict=True):
        kill(family(mark))
        writer.kill()
    ingest(home.root)
    assert set(noted(tmp_path)) <= check(home, dict(acks))
