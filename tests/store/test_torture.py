"""Writers and ingesters killed at random moments: every session that was acknowledged is there, whole, once."""

import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from acknowledged import Acks, Writer, check

from guardrail_proxy.home import Home
from guardrail_proxy.store.ingest import ingest

WRITER = Path(__file__).parent / "torture_writer.py"
KILLS, WRITERS, ACKS_EACH = 12, 3, 6
INGEST = [sys.executable, "-I", "-m", "guardrail_proxy.store.ingest"]
pytestmark = pytest.mark.slow


def new_writer(home: Home, acks: Acks) -> Writer:
    return Writer([sys.executable, str(WRITER), str(home.root)], acks, ACKS_EACH)


def test_every_acknowledged_session_is_there_once_whoever_is_killed(home: Home) -> None:
    chance, acks = random.Random(1), Acks()
    ingest(home)
    writers = [new_writer(home, acks) for _ in range(WRITERS)]
    for _ in range(KILLS):
        victim = chance.randrange(WRITERS)
        assert writers[victim].enough.wait(60)
        ingester = subprocess.Popen([*INGEST, str(home.root)], stderr=subprocess.DEVNULL)
        if chance.random() < 0.7:
            with suppress(subprocess.TimeoutExpired):  # the moment of its death is what is random here
                ingester.wait(chance.uniform(0.0, 0.4))
            ingester.kill()
        ingester.wait()
        expected = dict(acks)
        check(home, expected)
        writers[victim].kill()
        writers[victim] = new_writer(home, acks)
    for writer in writers:
        writer.kill()
    ingest(home, wait=True)
    check(home, dict(acks))
    assert len(acks) >= KILLS * ACKS_EACH // 2
