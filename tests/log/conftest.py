"""A session made of literals, for the tests of log."""

import gzip
import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.session import Capture, Event, Finding, Session, Transcript, Verdict

MakeSession = Callable[..., Session]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def make_session(tmp_path: Path) -> MakeSession:
    def make(
        events: tuple[Event, ...] = (),
        findings: tuple[Finding, ...] = (),
        *,
        shown: str | bytes = "",
        exit_code: int = 0,
        meta: dict[str, object] | None = None,
    ) -> Session:
        folder = tmp_path / "running" / uuid.uuid4().hex
        folder.mkdir(parents=True)
        recording = folder / "recording.cast.gz"
        if isinstance(shown, bytes):
            recording.write_bytes(shown)
        elif shown:
            header = json.dumps({"version": 2, "width": 80, "height": 24})
            recording.write_bytes(gzip.compress(f"{header}\n{json.dumps([0.1, 'o', shown])}\n".encode()))
        capture = Capture(
            session_id=new_id(),
            cli="claude",
            mode="standard",
            argv=("-p", "do it"),
            cwd="/project",
            folder=folder,
            recording=recording if shown else None,
            hook_events=None,
            exit_code=exit_code,
            signal=None,
            started=1_790_000_000.25,
            ended=1_790_000_001.5,
        )
        return Session(capture, Transcript(events, "native"), findings, Verdict(True), "completed", meta=meta or {})

    return make


def new_id() -> str:
    """A UUIDv7."""
    random = uuid.uuid4().int & ((1 << 76) - 1)
    return str(uuid.UUID(int=(time.time_ns() // 1_000_000) << 80 | 7 << 76 | (random & ~(3 << 62)) | 2 << 62))
