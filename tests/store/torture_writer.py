"""COLD. ``python -I tests/store/torture_writer.py HOME``: logs made-up sessions for ever, one ACK line each.

For a torture program that kills it at random moments and checks that every acknowledged session is there, whole, once.
"""

import os
import random
import sys
import time
import uuid
from pathlib import Path

from guardrail_proxy.home import Home
from guardrail_proxy.log import log
from guardrail_proxy.session import Capture, Event, Finding, Session, Transcript, Verdict


def session(chance: random.Random) -> Session:
    """A session with a few calls and failures."""
    calls = chance.randrange(6)
    events = tuple(Event("command", f"make {n}", name="Bash", call_id=str(n)) for n in range(calls))
    said = Event("message", "word " * chance.randrange(20, 2000))
    findings = tuple(Finding("honesty/x", "failure", "high", "made up") for _ in range(chance.randrange(4)))
    now = time.time()
    capture = Capture(
        session_id=uuid7(),
        cli="claude",
        mode="standard",
        argv=("-p", "do it"),
        cwd="/project",
        folder=Path("/nonexistent"),
        recording=None,
        hook_events=None,
        exit_code=0,
        signal=None,
        started=now - 1,
        ended=now,
    )
    return Session(capture, Transcript((*events, said), "native"), findings, Verdict(approved=True), "completed")


def uuid7() -> str:
    """A UUIDv7 of now."""
    chance = int.from_bytes(os.urandom(10))
    milliseconds = (time.time_ns() // 1_000_000) & ((1 << 48) - 1)
    return str(
        uuid.UUID(int=milliseconds << 80 | 7 << 76 | (chance >> 62 & 0xFFF) << 64 | 2 << 62 | chance & (1 << 62) - 1)
    )


def main() -> None:
    """Log sessions until killed."""
    home, chance = Home(Path(sys.argv[1])), random.Random(os.getpid())
    while True:
        one = session(chance)
        began = time.perf_counter()
        log(home, one)
        took_ms = (time.perf_counter() - began) * 1000
        calls = sum(event.kind == "command" for event in one.transcript.events)
        line = f"ACK {one.capture.session_id} - {len(one.findings)} {calls} {took_ms:.2f}\n"
        os.write(1, line.encode())
        time.sleep(chance.uniform(0, 0.15))


if __name__ == "__main__":
    main()
