"""COLD. ``BackgroundWorker``: what all workers share. Its work runs in a thread of its own, never on the event loop."""

import asyncio
import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import ClassVar, Protocol

from guardrail_proxy.config import Config
from guardrail_proxy.config.replace_file import replace_file
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import make_private
from guardrail_proxy.redact import redact
from guardrail_proxy.store.journal import write
from guardrail_proxy.workers._record import RunRecord, read_record, record_path

LOOK_EVERY_S = 60.0
"""The loop's clock stands still while a machine sleeps, so the wall clock is looked at this often."""
SHORTEST_PAUSE_S = 1.0
LONGEST_BACK_OFF_S = 3600.0


class HasHome(Protocol):
    """A database as the Python API has it: all that is needed of it is where it is."""

    @property
    def home(self) -> Home:
        """The guardrail home."""


@dataclass(frozen=True, slots=True)
class WorkerStatus:
    """One worker, whichever process runs it; times are seconds since 1970."""

    name: str
    enabled: bool
    running: bool
    runs: int
    last_run: float | None
    duration_ms: float | None
    next_run: float | None
    """None when it is disabled."""
    last_error: str
    said: str


class BackgroundWorker:
    """Something done again and again. A subclass says what in ``work`` and, in ``flag``, which feature it belongs to.

    ``start`` and ``stop`` host it in an event loop; ``run_once`` and ``run_due`` need none.
    """

    flag: ClassVar[str] = ""

    def __init__(self, config: Config, db: HasHome, now: Callable[[], float] = time.time) -> None:
        self.config = config
        self.home = db.home
        self.now = now
        self.name = type(self).__module__.rpartition(".")[2].replace("_", "-")
        self._stopping = threading.Event()
        self._wake: asyncio.Event | None = None
        self._task: asyncio.Task[None] | None = None

    def work(self, *, at_once: bool) -> str:
        """Do it; return what was done in one line. ``at_once``: a person asked for it, so nothing is announced first.

        It may be killed at any moment, and the next run must make up for it.
        """
        raise NotImplementedError

    @property
    def is_enabled(self) -> bool:
        """Whether its feature is on."""
        return not self.flag or bool(getattr(self.config.features, self.flag))

    @property
    def interval_s(self) -> float:
        """Seconds from one run's start to the next one's."""
        return float(getattr(self.config.workers, self.name).interval_seconds)

    @property
    def is_stopping(self) -> bool:
        """Whether ``stop`` was called: long work may end after what it is writing now."""
        return self._stopping.is_set()

    async def start(self) -> None:
        """Run it in the background whenever it is due, until ``stop``."""
        if self._task is None:
            self._stopping.clear()
            self._wake = asyncio.Event()
            self._task = asyncio.create_task(self._serve(self._wake), name=f"guardrail worker {self.name}")

    async def stop(self) -> None:
        """End it, once it has finished what it is writing."""
        self._stopping.set()
        task, self._task = self._task, None
        if task is not None and self._wake is not None:
            self._wake.set()
            await task

    async def run_once(self, *, at_once: bool = False) -> RunRecord:
        """Run it now, due or not, after whoever else runs it; return what came of it."""
        with ThreadPoolExecutor(1, f"guardrail-{self.name}") as thread:
            return await asyncio.get_running_loop().run_in_executor(thread, lambda: self.run_now(at_once=at_once))

    def run_now(self, *, at_once: bool = False) -> RunRecord:
        """The same without an event loop."""
        with self._turn(wait=True):
            return self._run(at_once=at_once)

    def run_due(self) -> bool:
        """Run it if it is enabled, due, and no other process runs it; whether it ran."""
        with self._turn(wait=False) as is_ours:
            record = read_record(self.home, self.name)
            now = self.now()
            if not is_ours or not record.is_due(now):
                return False
            if not self.is_enabled:
                self._keep(replace(record, started_at=now, next_at=now + self.interval_s))
                return False
            self._run(at_once=False)
            return True

    def status(self) -> WorkerStatus:
        """Where it stands."""
        record = read_record(self.home, self.name)
        has_run = record.runs > 0
        return WorkerStatus(
            name=self.name,
            enabled=self.is_enabled,
            running=self._is_running(),
            runs=record.runs,
            last_run=record.started_at if has_run else None,
            duration_ms=record.duration_ms if has_run else None,
            next_run=max(record.next_at, 0.0) if self.is_enabled else None,
            last_error=record.error,
            said=record.said,
        )

    async def _serve(self, wake: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, f"guardrail-{self.name}") as thread:
            while not wake.is_set():
                pause = await loop.run_in_executor(thread, self._tick)
                with suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), pause)

    def _tick(self) -> float:
        """Run it if it is due; return the seconds to wait before looking again."""
        try:
            self.run_due()
            left = read_record(self.home, self.name).next_at - self.now()
        except Exception as error:  # noqa: BLE001 # the outermost loop of a worker: a full disk must not end it
            self._say("error", "the worker cannot be run", error)
            left = self.interval_s
        return min(max(left, SHORTEST_PAUSE_S), LOOK_EVERY_S)

    def _run(self, *, at_once: bool) -> RunRecord:
        record, started, began = read_record(self.home, self.name), self.now(), time.monotonic()
        try:
            said, error = self.work(at_once=at_once), ""
        except Exception as fault:  # noqa: BLE001 # the outermost loop of a worker: whatever it is, the next run tries again
            said, error = record.said, redact(one_line(f"{type(fault).__name__}: {fault}", 500))
            self._say("error", "failed", fault)
        duration_ms = (time.monotonic() - began) * 1000
        failures = record.failures + 1 if error else 0
        delay = back_off_s(self.interval_s, failures)
        done = RunRecord(record.runs + 1, failures, started, duration_ms, started + delay, error, said)
        self._keep(done)
        if not error:
            self._say("debug" if said == record.said and not record.failures else "info", said)
        return done

    def _keep(self, record: RunRecord) -> None:
        path = record_path(self.home, self.name)
        make_private(path.parent)
        replace_file(path, record.encoded())

    def _say(self, level: str, event: str, error: Exception | None = None) -> None:
        facts = {"error": f"{type(error).__name__}: {error}"} if error else {}
        with suppress(OSError):
            write(self.home, "workers", level, event, worker=self.name, **facts)

    @contextmanager
    def _turn(self, *, wait: bool) -> Iterator[bool]:
        """Hold the worker's lock; False when another process, or another host in this one, runs it."""
        handle = self._lock_file()
        try:
            is_ours = False
            with suppress(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
                is_ours = True
            yield is_ours
        finally:
            os.close(handle)

    def _is_running(self) -> bool:
        if not record_path(self.home, self.name).with_suffix(".lock").exists():
            return False
        with self._turn(wait=False) as is_free:
            return not is_free

    def _lock_file(self) -> int:
        path = record_path(self.home, self.name).with_suffix(".lock")
        make_private(path.parent)
        return os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)


def back_off_s(interval_s: float, failures: int) -> float:
    """Seconds until the next run, after so many failures in a row: doubled each time, an hour at most."""
    return max(interval_s, min(interval_s * 2.0 ** min(failures, 20), LONGEST_BACK_OFF_S))
