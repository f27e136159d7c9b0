"""Sessions whose processes are gone, and commands that wait for those that just ended."""

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.session import Event
from guardrail_proxy.store.dead import dead_sessions
from guardrail_proxy.store.holders import is_open, is_open_for_writing
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.settle import has_ended, settle

LogOne = Callable[..., str]
Shell = Callable[[Path], Callable[[str], str]]
ID = "019ab000-0000-7000-8000-0000000000aa"
pytestmark = pytest.mark.slow


def start_session(home: Home, session_id: str = ID, pid: int = 1 << 30) -> Path:
    folder = home.sessions / session_id
    folder.mkdir(parents=True)
    start = {
        "session_id": session_id, "cli": "claude", "mode": "standard", "pid": pid, "started_at": time.time() - 5,
        "depth": 0, "parent_id": None, "bypassed": False, "tty": "111", "kind": "pty",
    }  # fmt: skip
    (folder / "start.json").write_text(json.dumps(start))
    return folder


def test_a_session_whose_processes_were_killed_is_finished_by_the_ingester(home: Home) -> None:
    folder = start_session(home)
    ingest(home)
    rows = ask(home, "SELECT CAST(session_id AS VARCHAR), decision, success FROM sessions").rows
    assert rows == [(ID, "aborted", False)]
    assert not folder.exists()


def test_a_session_that_somebody_works_on_is_left_alone(home: Home) -> None:
    folder = start_session(home)
    with (folder / "start.json").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert dead_sessions(home) == []
        ingest(home)
    assert folder.exists()


def test_a_session_that_cannot_be_finished_stops_nobody(home: Home, log_one: LogOne) -> None:
    folder = start_session(home, session_id="no-uuid")
    one = log_one()
    ingest(home)
    assert [str(row[0]) for row in ask(home, "SELECT session_id FROM sessions").rows] == [one]
    assert folder.exists()
    assert "finisher failed" in (home.logs / "ingest.jsonl").read_text()


def test_who_has_ended(home: Home) -> None:
    running, gone, told = (
        start_session(home, n, p) for n, p in (("a", os.getpid()), ("b", 1 << 30), ("c", os.getpid()))
    )
    (told / "end.json").write_text("{}")
    assert (has_ended(running), has_ended(gone), has_ended(told)) == (False, True, True)


def test_a_command_waits_for_the_finisher_of_a_session_that_ended(home: Home, log_one: LogOne) -> None:
    folder = start_session(home, pid=os.getpid())
    (folder / "end.json").write_text("{}")
    with (folder / "start.json").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        finisher = threading.Timer(0.3, (folder / "start.json").unlink)
        finisher.start()
        began = time.monotonic()
        settle(home, 10)
        took = time.monotonic() - began
    finisher.join()
    assert 0.2 < took < 5


def test_a_command_waits_no_longer_than_it_should(home: Home) -> None:
    folder = start_session(home, pid=os.getpid())
    (folder / "end.json").write_text("{}")
    with (folder / "start.json").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        began = time.monotonic()
        settle(home, 0.2)
    assert time.monotonic() - began < 2


def test_a_command_does_not_wait_for_a_session_that_runs(home: Home) -> None:
    start_session(home, pid=os.getpid())
    began = time.monotonic()
    settle(home, 10)
    assert time.monotonic() - began < 2


def test_a_dead_session_is_in_the_answer_of_the_command_that_finds_it(home: Home) -> None:
    start_session(home)
    settle(home, 20)
    assert ask(home, "SELECT count(*) FROM sessions").rows == [(1,)]


def test_holders_are_seen_without_being_disturbed(home: Home, log_one: LogOne, shell: Shell) -> None:
    log_one((Event("command", "ls"),))
    ingest(home)
    file = home.database.resolve()
    before = (is_open(file), is_open_for_writing(file))
    held = shell(home.database)
    assert (before, is_open(file), is_open_for_writing(file)) == ((False, False), True, True)
    assert held("SELECT count(*) FROM my_notes") == "[(0,)]"


def test_a_reader_in_another_process_is_seen_too(home: Home) -> None:
    ingest(home)
    file = home.database.resolve()
    program = "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); print('open', flush=True); input()"
    reader = subprocess.Popen(
        [sys.executable, "-c", program, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None
    reader.stdout.readline()
    seen = (is_open(file), is_open_for_writing(file))
    reader.communicate("\n")
    assert (seen, is_open(file)) == ((True, False), False)
