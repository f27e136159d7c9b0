"""A home with odd characters, sessions to log into it, and shells that hold the database."""

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.log import log
from guardrail_proxy.session import Capture, Event, FileChange, Finding, Session, Stage, Transcript, Verdict

LogOne = Callable[..., str]
SHELL = """
import duckdb, sys
con = duckdb.connect(sys.argv[1])
con.execute("CREATE TABLE my_notes (t VARCHAR)")
print("open", flush=True)
for line in sys.stdin:
    print(con.execute(line).fetchall(), flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / 'ho\'me [x]* "q" {a,b} ü=日 %20')


@pytest.fixture
def log_one(home: Home, tmp_path: Path) -> LogOne:
    """Log a session; return its id."""

    def make(
        events: tuple[Event, ...] = (),
        failures: int = 0,
        *,
        prompt: str = "do it",
        started: float = 0,
        violations: tuple[Finding, ...] = (),
        stages: tuple[Stage, ...] = (),
        file_changes: tuple[FileChange, ...] = (),
        meta: dict[str, object] | None = None,
        recording: Path | None = None,
        native_id: str = "",
    ) -> str:
        lies = tuple(Finding("honesty/x", "failure", "high", "made up", event_seq=0) for _ in range(failures))
        capture = Capture(
            session_id=uuid7(),
            cli="claude",
            mode="standard",
            argv=(),
            cwd="/project",
            folder=tmp_path,
            recording=recording,
            hook_events=None,
            exit_code=0,
            signal=None,
            started=started or time.time(),
            ended=time.time(),
        )
        transcript = Transcript((Event("prompt", prompt), *events), "native", native_id=native_id)
        findings, verdict = (*lies, *violations), Verdict(approved=True)
        log(home, Session(capture, transcript, findings, verdict, "completed", stages, file_changes, meta or {}))
        return capture.session_id

    return make


@pytest.fixture
def shell() -> Iterator[Callable[[Path], Callable[[str], str]]]:
    """Open a database read-write in another process; the answer takes queries to it."""
    running: list[subprocess.Popen[str]] = []

    def start(path: Path) -> Callable[[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-c", SHELL, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        assert process.stdin is not None
        assert process.stdout is not None
        entry, out = process.stdin, process.stdout
        assert out.readline() == "open\n"

        def ask(query: str) -> str:
            entry.write(query + "\n")
            entry.flush()
            return out.readline().strip()

        return ask

    yield start
    for process in running:
        process.kill()
        process.communicate()


def uuid7() -> str:
    """A UUIDv7 of now."""
    chance = int.from_bytes(os.urandom(10))
    head = (time.time_ns() // 1_000_000) << 80 | 7 << 76
    return str(uuid.UUID(int=head | (chance >> 62 & 0xFFF) << 64 | 2 << 62 | chance & (1 << 62) - 1))
