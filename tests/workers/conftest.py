"""Workers on a real store in a home with odd characters, at a time that the test says."""

import uuid
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from guardrail_proxy.config import Config
from guardrail_proxy.home import Home
from guardrail_proxy.log import log
from guardrail_proxy.session import Capture, Event, Finding, Outcome, Session, Transcript, Verdict
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.store.query import ask
from guardrail_proxy.workers._background import BackgroundWorker
from guardrail_proxy.workers._manager import worker_kinds

NOON = 1_795_262_400.0
"""2026-11-21 12:00:00 UTC."""


@dataclass
class Stage:
    """A guardrail home, a clock, and what happens in them."""

    home: Home
    folder: Path
    at: float = NOON
    config: Config = field(default_factory=Config)

    def worker(self, name: str) -> BackgroundWorker:
        return worker_kinds()[name](self.config, self, lambda: self.at)

    def run(self, name: str, *, at_once: bool = False) -> str:
        done = self.worker(name).run_now(at_once=at_once)
        assert done.error == ""
        return done.said

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return ask(self.home, query).rows

    def log(
        self,
        failures: tuple[float, ...] = (),
        *,
        started: float | None = None,
        seconds: float | None = 2.0,
        cli: str = "claude",
        outcome: Outcome = "completed",
        meta: dict[str, object] | None = None,
        quote: str = "it said so",
    ) -> str:
        """A session that ended, with a failure at each of these times; its id."""
        begin = self.at if started is None else started
        session_id = str(uuid.uuid4())
        capture = Capture(
            session_id=session_id,
            cli=cli,
            mode="standard",
            argv=(),
            cwd="/project",
            folder=self.folder,
            recording=None,
            hook_events=None,
            exit_code=0,
            signal=None,
            started=begin,
            ended=None if seconds is None else begin + seconds,
        )
        events = tuple(Event("message", "done", at=when) for when in failures)
        found = tuple(
            Finding("honesty/x", "failure", "high", "made up", quote=quote, event_seq=seq)
            for seq in range(len(failures))
        )
        session = Session(
            capture, Transcript(events, "native"), found, Verdict(approved=True), outcome, meta=meta or {}
        )
        log(self.home, session)
        return session_id

    def ingest(self) -> None:
        ingest(self.home, wait=True)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(Home(tmp_path / "ho'me [x]* ü=日"), tmp_path)
