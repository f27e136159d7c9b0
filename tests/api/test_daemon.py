"""Many requests, cancelled ones, and what they leave: in the store, in the statistics, in the home."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest
from desk import DEMO, Desk

from guardrail_proxy import AIExecutionError, AIRequest, GuardrailDaemon
from guardrail_proxy.api.statistics import Counts, Statistics
from guardrail_proxy.home import Home
from guardrail_proxy.store.database import DatabaseManager
from guardrail_proxy.store.export import export_jsonl
from guardrail_proxy.store.importing import import_sessions

pytestmark = pytest.mark.slow


def rows(query: str) -> list[dict[str, object]]:
    return DatabaseManager().query(query)


def test_cancelling_ends_the_clis_process_group_and_its_session_is_logged(desk: Desk, fifo: Path) -> None:
    desk.program("gemini", f"exec 3> '{fifo}'; echo started >&3; sleep 600 & sleep 600")

    async def cancelled() -> None:
        async with GuardrailDaemon() as daemon:
            asking = asyncio.create_task(daemon.process_request(AIRequest("gemini", "Hello")))
            with await asyncio.to_thread(fifo.open) as alive:
                alive.readline()
                asking.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await asking
                assert alive.read() == ""  # whoever was in the group is gone
            assert daemon.get_statistics()["this_daemon"]["failed"] == 1

    asyncio.run(cancelled())
    assert [row["outcome"] for row in rows("SELECT outcome FROM sessions")] == ["interrupted"]


def test_many_requests_at_once_are_told_apart_and_none_is_lost(desk: Desk) -> None:
    async def at_once() -> list[str]:
        async with GuardrailDaemon() as daemon:
            scenarios = ["secret", "text", "shell", "tour"] * 2
            asked = [daemon.process_request(desk.demo(scenario)) for scenario in scenarios]
            found = await asyncio.gather(*asked)
            assert [bool(r.violations) for r in found] == [s != "shell" for s in scenarios]
            return [result.session_id for result in found]

    ids = asyncio.run(at_once())
    assert {str(row["session_id"]) for row in rows("SELECT session_id FROM sessions")} == set(ids)


def test_the_event_loop_goes_on_meanwhile(desk: Desk, fifo: Path) -> None:
    desk.program("gemini", f"read x < '{fifo}'; echo $x")

    async def meanwhile() -> str:
        async with GuardrailDaemon() as daemon:
            asking = asyncio.create_task(daemon.process_request(AIRequest("gemini", "Hello")))
            await asyncio.to_thread(fifo.write_text, "from the loop\n")
            return (await asking).raw_output

    assert asyncio.run(meanwhile()) == "from the loop\n"


def counts(found: Counts | Statistics) -> list[object]:
    return [found["total"], found["approved"], found["blocked"], found["failed"], found["success_rate"]]


def test_statistics_are_the_stores_whoever_asked_and_a_daemons_own_requests_are_beside_them(desk: Desk) -> None:
    desk.ask(desk.demo())

    async def three() -> Statistics:
        async with GuardrailDaemon() as daemon:
            await daemon.process_request(desk.demo(agent="reviewer"))
            await daemon.process_request(desk.demo("secret", mode="strict"))
            with pytest.raises(AIExecutionError):
                await daemon.process_request(AIRequest("claude", "Hello"))
        return daemon.get_statistics()

    found = asyncio.run(three())
    stored = len(rows("SELECT * FROM sessions"))
    assert counts(found)[:3] == [stored, 2, 1]
    assert counts(found["this_daemon"]) == [3, 1, 1, 1, pytest.approx(1 / 3)]
    assert (DEMO in found["per_tool"], counts(found["per_agent"]["reviewer"])) == (True, [1, 1, 0, 0, 1.0])
    assert found["avg_duration_ms"] > 0


def test_statistics_of_an_empty_store_are_nothing_and_no_error(desk: Desk) -> None:
    del desk
    found = GuardrailDaemon().get_statistics()
    assert (counts(found), found["per_tool"], found["per_agent"]) == ([0, 0, 0, 0, 0.0], {}, {})


def test_imported_sessions_are_not_in_the_statistics(desk: Desk, tmp_path: Path) -> None:
    asked = desk.ask(desk.demo("secret"))
    export_jsonl(desk.home, [asked.session_id], tmp_path / "x.jsonl", lambda _: None)
    other = Home(tmp_path / "other")
    import_sessions(other, tmp_path / "x.jsonl", lambda _: None)
    daemon = GuardrailDaemon(home=other)
    assert (daemon.get_statistics()["total"], len(daemon.db.sessions())) == (0, 1)


def test_the_callers_home_shims_are_left_alone(desk: Desk) -> None:
    desk.ask(desk.demo())
    assert list(desk.home.shims.iterdir()) == []


def test_a_session_in_a_session_is_its_child(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    above = desk.home.sessions / "01a21bad-dfc9-7a6a-a2c5-55f644e80400"
    above.mkdir(parents=True)
    (above / "start.json").write_text(json.dumps({"mode": "strict", "depth": 0, "pid": os.getpid()}))
    monkeypatch.setenv("GUARDRAIL_SESSION", str(above))
    assert desk.ask(desk.demo()).mode == "strict"
