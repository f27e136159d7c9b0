"""tag, pin and delete: what a person says of a session, and that it is really gone."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.spooled import CHILD_TABLES

Run = Callable[..., subprocess.CompletedProcess[str]]
LogHostile = Callable[..., str]
TABLES = ("sessions", *CHILD_TABLES, "marks")
pytestmark = pytest.mark.slow


def listed(run: Run, *words: str) -> list[str]:
    return [row["session_id"] for row in json.loads(run("sessions", "--json", *words).stdout)]


def test_a_tag_finds_its_session_until_it_is_taken_away(run: Run, log_hostile: LogHostile) -> None:
    one, _ = log_hostile(), log_hostile()
    assert run("tag", one[:13], "release/1.0", "büro", "release/1.0").returncode == 0
    assert (listed(run, "--tag", "büro"), listed(run, "--tag", "bür")) == ([one], [])
    assert run("tag", one, "büro", "--remove").returncode == 0
    assert (listed(run, "--tag", "büro"), listed(run, "--tag", "release/1.0")) == ([], [one])


@pytest.mark.parametrize("name", ["", "two words", "\x1b[31m", "x" * 65, "-"])
def test_what_is_no_tag_is_wrong_usage(name: str, run: Run, log_hostile: LogHostile) -> None:
    log_hostile()
    done = run("tag", "last", "--", name)
    assert (done.returncode, done.stderr.count("\n"), "\x1b" in done.stderr) == (2, 1, False)


def test_a_pin_is_set_and_taken_off(run: Run, log_hostile: LogHostile, home: Home) -> None:
    log_hostile()
    states = []
    for words in ((), ("--off",)):
        assert run("pin", "last", *words).returncode == 0
        states.append(ask(home, "SELECT pinned FROM marks").rows)
    assert states == [[(True,)], [(False,)]]


def test_a_deleted_session_is_gone_from_every_table_and_from_the_disk(
    run: Run, log_hostile: LogHostile, home: Home
) -> None:
    loaded = log_hostile()
    assert run("store", "check").returncode == 0
    spooled, kept = log_hostile(), log_hostile()
    run("tag", loaded, "mine")
    assert run("delete", loaded, spooled, "--yes").stdout == "deleted 2\n"
    left = {str(name) for table in TABLES for (name,) in ask(home, f"SELECT session_id FROM {table}").rows}
    assert (left, run("store", "check").stdout) == ({kept}, "sound\n")
    assert [path for path in reachable(home) for name in (loaded, spooled) if name.encode() in path.read_bytes()] == []
    assert [path.stem[:36] for path in home.outputs.glob("2*/*")] == [kept]


def reachable(home: Home) -> list[Path]:
    """What whoever comes now may open: an older generation is swept some seconds later."""
    current = home.database.resolve()
    files = [path for path in home.root.rglob("*") if path.is_file()]
    return [path for path in files if not path.name.startswith("gen-") or path.resolve() == current]


def test_delete_asks_and_without_a_terminal_says_how_to_answer(run: Run, log_hostile: LogHostile) -> None:
    one = log_hostile()
    done = run("delete", one)
    assert (done.returncode, "--yes" in done.stderr, listed(run)) == (2, True, [one])


def test_delete_is_refused_inside_a_guarded_session(
    run: Run, log_hostile: LogHostile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = log_hostile()
    monkeypatch.setenv("GUARDRAIL_SESSION", str(tmp_path))
    assert run("delete", one, "--yes").returncode == 78
    assert listed(run) == [one]


def test_one_unknown_id_deletes_nothing(run: Run, log_hostile: LogHostile) -> None:
    one = log_hostile()
    assert run("delete", one, "ffffffff-ffff", "--yes").returncode == 1
    assert listed(run) == [one]
