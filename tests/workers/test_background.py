"""Workers run when they are due, one at a time on the whole machine, back off when they fail, and stop in order."""

import asyncio
import json
import threading
from collections.abc import Callable

import pytest

from guardrail_proxy.config import Config
from guardrail_proxy.config.models import Features
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.workers import _manager
from guardrail_proxy.workers._background import BackgroundWorker, back_off_s
from guardrail_proxy.workers._due import run_due
from guardrail_proxy.workers._manager import WorkerManager, worker_kinds
from guardrail_proxy.workers._record import RunRecord, is_any_due, read_record, record_path, worker_names

from .conftest import NOON, Stage

NAMES = ["ingest", "analysis", "cleanup", "markdown", "metrics"]
FLAGS = {
    "analysis": "analysis_worker",
    "metrics": "metrics_worker",
    "markdown": "markdown_export",
    "cleanup": "cleanup_worker",
}
SECRET = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"


class Fake(BackgroundWorker):
    """Stands for the metrics worker; what it does is the test's."""

    job: Callable[[], str] = staticmethod(lambda: "done")

    def __init__(self, stage: Stage, job: Callable[[], str] | None = None) -> None:
        super().__init__(stage.config, stage, lambda: stage.at)
        self.name = "metrics"
        self.runs = 0
        if job:
            self.job = job

    def work(self, *, at_once: bool) -> str:
        self.runs += 1
        return f"{self.job()}{'!' if at_once else ''}"


def broken() -> str:
    raise OSError(28, f"No space left \x1b[2J {SECRET}")


def test_every_worker_is_found_has_a_sentence_and_an_interval() -> None:
    kinds = worker_kinds()
    assert (list(kinds), worker_names()) == (NAMES, sorted(NAMES))
    assert {name: kind.flag for name, kind in kinds.items() if kind.flag} == FLAGS
    assert [name for name in kinds if not hasattr(Config().workers, name)] == []


def test_a_file_without_a_worker_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_manager, "members", lambda _: {"metrics": json})
    with pytest.raises(ImportError, match="one subclass of BackgroundWorker"):
        worker_kinds()


@pytest.mark.parametrize(
    ("now", "due"),
    [(NOON - 1, True), (NOON, False), (NOON + 59, False), (NOON + 60, True), (NOON + 1e9, True)],
    ids=["clock put back", "just ran", "not yet", "due", "slept for years"],
)
def test_due_is_when_its_time_has_come_or_the_clock_was_put_back(now: float, due: bool) -> None:
    assert RunRecord(runs=1, started_at=NOON, next_at=NOON + 60).is_due(now) is due


def test_after_any_sleep_it_is_caught_up_once(stage: Stage) -> None:
    worker = Fake(stage)
    ran = []
    for at in (NOON, NOON + 1, NOON + 86_400, NOON + 86_401, NOON + 86_460):
        stage.at = at
        ran.append(worker.run_due())
    assert ran == [True, False, True, False, True]


def test_two_hosts_never_run_it_twice_in_an_interval_nor_at_once(stage: Stage) -> None:
    other = Fake(stage)
    first = Fake(stage, lambda: f"the other ran: {other.run_due()}")
    assert (first.run_due(), other.run_due(), other.status().said) == (True, False, "the other ran: False")


def test_failures_back_off_are_kept_and_a_run_that_works_clears_them(stage: Stage) -> None:
    worker = Fake(stage, broken)
    waits = []
    for _ in range(8):
        worker.run_due()
        waits.append(worker.status().next_run - stage.at)  # type: ignore[operator]
        stage.at += waits[-1]
    assert waits == [120, 240, 480, 960, 1920, 3600, 3600, 3600]
    failed = worker.status()
    Fake(stage).run_due()
    works = worker.status()
    assert (failed.runs, failed.last_error.startswith("OSError"), works.runs, works.last_error) == (8, True, 9, "")
    assert works.next_run == stage.at + 60


@pytest.mark.parametrize(("interval", "failures", "wait"), [(60, 0, 60), (86_400, 3, 86_400), (60, 10_000, 3600)])
def test_it_backs_off_an_hour_at_most_and_never_below_its_interval(interval: float, failures: int, wait: float) -> None:
    assert back_off_s(interval, failures) == wait


def test_an_error_is_one_harmless_line_without_its_secret(stage: Stage) -> None:
    error = Fake(stage, broken).run_now().error
    logged = (stage.home.logs / "workers.jsonl").read_text()
    assert (error.isprintable(), SECRET in error, SECRET in logged) == (True, False, False)
    assert json.loads(logged)["level"] == "error"


@pytest.mark.parametrize("torn", [b"", b"{", b"[]", b'{"runs": "x"}', b"\xff"])
def test_a_torn_record_is_that_of_a_worker_that_never_ran(stage: Stage, torn: bytes) -> None:
    Fake(stage).run_due()
    record_path(stage.home, "metrics").write_bytes(torn)
    assert read_record(stage.home, "metrics") == RunRecord()


def test_a_disabled_worker_does_not_run_and_is_not_asked_again_at_every_session(stage: Stage) -> None:
    stage.config = Config(features=Features(metrics_worker=False))
    worker = Fake(stage)
    type(worker).flag = "metrics_worker"
    try:
        assert (worker.run_due(), worker.run_due(), worker.runs) == (False, False, 0)
        assert not read_record(stage.home, "metrics").is_due(stage.at)
        assert (worker.status().enabled, worker.status().next_run) == (False, None)
    finally:
        type(worker).flag = ""


def test_stop_waits_for_what_is_being_written(stage: Stage) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def write() -> str:
        begun.set()
        go_on.wait(30)
        return "written"

    async def play() -> bool:
        worker = Fake(stage, write)
        await worker.start()
        await asyncio.to_thread(begun.wait, 30)
        running = worker.status().running
        stopping = asyncio.create_task(worker.stop())
        await asyncio.sleep(0)
        waits = not stopping.done() and worker.is_stopping
        go_on.set()
        await stopping
        return waits and running

    assert asyncio.run(play())
    assert read_record(stage.home, "metrics").said == "written"


def test_a_worker_at_work_does_not_hold_up_the_event_loop(stage: Stage) -> None:
    async def play() -> str:
        said_by_loop = threading.Event()

        def wait_for_loop() -> str:
            return "loop turned" if said_by_loop.wait(30) else "loop stood still"

        worker = Fake(stage, wait_for_loop)
        running = asyncio.create_task(worker.run_once())
        await asyncio.sleep(0)
        said_by_loop.set()
        return (await running).said

    assert asyncio.run(play()) == "loop turned"


def test_a_stopped_worker_can_be_started_again_and_starting_twice_is_starting_once(stage: Stage) -> None:
    async def play() -> int:
        ran = threading.Event()

        def tell() -> str:
            ran.set()
            return "told"

        worker = Fake(stage, tell)
        for _ in range(2):
            ran.clear()
            stage.at += 60
            await worker.start()
            await worker.start()
            await asyncio.to_thread(ran.wait, 30)
            await worker.stop()
        await worker.stop()
        return worker.runs

    assert asyncio.run(play()) == 2


@pytest.mark.slow
def test_a_manager_runs_what_is_on_and_one_failing_worker_stops_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guardrail_proxy.workers.metrics.replace_metrics", lambda _: broken())
    stage.log((NOON,))
    config = Config(features=Features(cleanup_worker=False))

    async def play() -> WorkerManager:
        manager = WorkerManager(config, stage)
        await manager.start_all()
        await manager.stop_all()
        return manager

    status = asyncio.run(play()).status()
    assert {name: (one.runs, bool(one.last_error)) for name, one in status.items()} == {
        "ingest": (1, False),
        "analysis": (1, False),
        "cleanup": (0, False),
        "markdown": (1, False),
        "metrics": (1, True),
    }


@pytest.mark.slow
def test_two_managers_at_once_run_each_worker_once(stage: Stage) -> None:
    async def play() -> None:
        managers = [WorkerManager(Config(), stage) for _ in range(2)]
        await asyncio.gather(*(manager.start_all() for manager in managers))
        await asyncio.gather(*(manager.stop_all() for manager in managers))

    asyncio.run(play())
    assert {name: read_record(stage.home, name).runs for name in NAMES} == dict.fromkeys(NAMES, 1)


@pytest.mark.slow
def test_after_a_session_the_due_ones_run_and_then_nothing_is_due(stage: Stage) -> None:
    stage.log((NOON,))
    was_due = is_any_due(stage.home)
    assert (was_due, run_due(stage.home), is_any_due(stage.home), run_due(stage.home)) == (True, NAMES, False, [])
    assert stage.rows("SELECT sum(sessions) FROM metrics") == [(1,)]


@pytest.mark.slow
def test_a_worker_that_finds_the_store_taken_waits_for_its_turn(stage: Stage) -> None:
    stage.log()
    threads = [threading.Thread(target=ingest, args=(stage.home,), kwargs={"wait": True}) for _ in range(2)]
    for thread in threads:
        thread.start()
    stage.run("metrics")
    for thread in threads:
        thread.join()
    assert stage.rows("SELECT count(*) FROM sessions") == [(1,)]
