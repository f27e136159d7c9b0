"""fleet push: every row of closed days and no other, redacted once more."""

import json
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from team import ids_in, ids_in_folders, rows, state

from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import find_record, put_record
from guardrail_proxy.store.fleet.source import host_name
from guardrail_proxy.store.fleet.stage import TABLES
from guardrail_proxy.store.query import ask

LogOne = Callable[..., str]
Say = Callable[..., tuple[int, str, str]]
DAY_S = 86_400.0
SECRET = "AKIA" + "QWERTYUIOPASDF23"
PLAIN = {"UUID": "CAST({0} AS VARCHAR) AS {0}", "JSON": "CAST(json({0}) AS VARCHAR) AS {0}"}
pytestmark = pytest.mark.slow


def test_a_push_ships_every_row_of_closed_days_and_no_other(
    say: Say, home: Home, target: Path, rich_day: list[str]
) -> None:
    assert say("fleet", "push", str(target)) == (0, "pushed 2 sessions of 1 days\n", "")
    assert ids_in(target) == sorted(rich_day)
    for table in TABLES:
        casts = ", ".join(
            PLAIN[str(kind)].format(name) for name, kind, *_ in ask(home, f"DESCRIBE {table}").rows if kind in PLAIN
        )
        columns = ", ".join(str(name) for name, *_ in ask(home, f"DESCRIBE {table}").rows if name != "host")
        query = f"SELECT {columns} FROM (SELECT * REPLACE ({casts}) FROM {table} WHERE day < current_date)"
        assert sorted(rows(target, query), key=str) == sorted(ask(home, query).rows, key=str), table
        assert {host for (host,) in rows(target, f"SELECT host FROM {table}")} <= {host_name()}


def test_the_folders_are_named_by_day_and_host(say: Say, target: Path, rich_day: list[str]) -> None:
    say("fleet", "push", str(target))
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    (path,) = (target / "failures").rglob("*.parquet")
    ours = path.relative_to(target).parts
    assert (ours[:3], ours[3][:5]) == (("failures", f"day={yesterday}", f"host={host_name()}"), "part-")


def test_a_second_push_writes_nothing(say: Say, target: Path, rich_day: list[str]) -> None:
    say("fleet", "push", str(target))
    before = state(target)
    assert (say("fleet", "push", str(target))[1], state(target)) == ("nothing new to push\n", before)


def test_a_session_that_came_late_is_shipped_alone(
    say: Say, target: Path, rich_day: list[str], log_one: LogOne
) -> None:
    say("fleet", "push", str(target))
    before = state(target)
    late = log_one(started=time.time() - DAY_S)
    assert say("fleet", "push", str(target))[1] == "pushed 1 sessions of 1 days\n"
    assert ids_in(target) == ids_in_folders(target) == sorted([*rich_day, late])
    assert {name: at for name, at in state(target).items() if name in before and "_manifest" not in name} == {
        name: at for name, at in before.items() if "_manifest" not in name
    }


def test_since_leaves_earlier_days_out(say: Say, target: Path, log_one: LogOne) -> None:
    old, new = log_one(started=time.time() - 9 * DAY_S), log_one(started=time.time() - DAY_S)
    since = datetime.now(UTC).date() - timedelta(days=3)
    say("fleet", "push", str(target), "--since", str(since))
    assert ids_in(target) == [new]
    say("fleet", "push", str(target))
    assert ids_in(target) == sorted([old, new])


def changed_record(home: Home, session_id: str, **values: object) -> str:
    """Another session like that one, with these values, as no shim of ours would write it; its id."""
    path = find_record(home.spool, session_id)
    assert path is not None
    other = f"{session_id[:-4]}ffff"
    record = json.loads(path.read_text()) | {"session_id": other} | values
    put_record(home.spool, other, json.dumps(record).encode())
    return other


def test_an_imported_session_is_not_shipped(say: Say, home: Home, target: Path, rich_day: list[str]) -> None:
    changed_record(home, rich_day[0], origin="import")
    say("fleet", "push", str(target))
    assert ids_in(target) == sorted(rich_day)


def test_what_leaves_the_machine_is_redacted_with_the_rules_of_today(
    say: Say, home: Home, target: Path, rich_day: list[str]
) -> None:
    other = changed_record(home, rich_day[0], prompt=f"use {SECRET}", extra={"key": SECRET})
    say("fleet", "push", str(target))
    ((prompt, extra),) = rows(target, f"SELECT prompt, extra FROM sessions WHERE session_id = '{other}'")
    assert (SECRET in f"{prompt} {extra}", "[redacted:" in str(prompt)) == (False, True)


@pytest.mark.parametrize(
    ("name", "folder"), [("box", "box"), ("../Jo's Mac é", "Jo-s-Mac"), ("_all", "all"), ("..", "unnamed")]
)
def test_a_host_name_is_made_a_folders_name(name: str, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: name)
    assert host_name() == folder


def test_a_renamed_machine_stays_the_same_source(
    say: Say, target: Path, rich_day: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    say("fleet", "push", str(target))
    monkeypatch.setattr(socket, "gethostname", lambda: "renamed")
    assert say("fleet", "push", str(target))[1] == "nothing new to push\n"
