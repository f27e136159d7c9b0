"""Sessions reach DuckDB once, at once, whoever holds what and whoever is killed."""

import fcntl
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import bucket_name, spool_lock
from guardrail_proxy.session import Event
from guardrail_proxy.store import generation
from guardrail_proxy.store.generation import current_generation, generation_path
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.schema import StoreError

LogOne = Callable[..., str]
Shell = Callable[[Path], Callable[[str], str]]
INGEST = [sys.executable, "-I", "-m", "guardrail_proxy.store.ingest"]
pytestmark = pytest.mark.slow


def ids(home: Home) -> set[str]:
    return {str(row[0]) for row in ask(home, "SELECT session_id FROM sessions").rows}


def count(home: Home, query: str) -> object:
    return ask(home, query).rows[0][0]


def test_a_session_is_seen_before_it_is_ingested_and_stays_one_after(home: Home, log_one: LogOne) -> None:
    assert ids(home) == set()
    one = log_one((Event("command", "ls"),), failures=2)
    seen = [(ids(home), count(home, "SELECT count(*) FROM failures"))]
    assert ingest(home) == 1
    seen.append((ids(home), count(home, "SELECT count(*) FROM failures")))
    assert seen == [({one}, 2), ({one}, 2)]
    assert count(home, "SELECT count(*) FROM base.sessions") == 1


def test_a_database_that_a_full_disk_left_without_tables_is_made_again(home: Home, log_one: LogOne) -> None:
    one = log_one()
    home.db.mkdir(parents=True, exist_ok=True)
    duckdb.connect(str(home.db / "live.duckdb")).close()
    assert ids(home) == {one}
    ingest(home)
    assert count(home, "SELECT count(*) FROM base.sessions") == 1


def test_a_database_that_could_not_be_made_whole_has_no_name_and_is_one_line(
    home: Home, log_one: LogOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(con: duckdb.DuckDBPyConnection, *_: object) -> None:
        con.close()
        raise duckdb.IOException("No space left on device")

    one = log_one()
    monkeypatch.setattr("guardrail_proxy.store.live.create", full)
    with pytest.raises(StoreError, match="No space left"):
        ingest(home)
    assert not (home.db / "live.duckdb").exists()
    monkeypatch.undo()
    assert ids(home) == {one}


def test_the_views_are_made_once_not_for_every_publication(home: Home, log_one: LogOne) -> None:
    made = []
    for _ in range(2):
        log_one()
        assert ingest(home) == 1
        made.append(
            ask(home, "SELECT view_name, view_oid FROM duckdb_views() WHERE schema_name = 'main' ORDER BY 1").rows
        )
    assert made[0] == made[1] != []


def test_a_shell_that_holds_the_file_since_before_the_first_session_blocks_nobody(
    home: Home, log_one: LogOne, shell: Shell
) -> None:
    ingest(home)
    held = shell(home.database)
    expected = set()
    for _ in range(3):
        expected.add(log_one())
        ingest(home)
        expected.add(log_one())
        assert ids(home) == expected
        assert held("SELECT count(*) FROM sessions") == f"[({len(expected)},)]"


def test_a_command_works_while_a_shell_holds_the_newest_generation(home: Home, log_one: LogOne, shell: Shell) -> None:
    one = log_one()
    ingest(home)
    shell(home.database)
    assert ids(home) == {one}


def test_a_held_generation_and_the_records_it_shows_outlive_the_grace(
    home: Home, log_one: LogOne, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation, "GRACE_S", 0.0)
    ingest(home)
    held, held_file = shell(home.database), generation_path(home, current_generation(home))
    for _ in range(4):
        log_one()
        ingest(home)
    assert held("SELECT count(*) FROM sessions") == "[(4,)]"
    assert held_file.exists()


def test_generations_and_buckets_that_nobody_reads_are_swept(
    home: Home, log_one: LogOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation, "GRACE_S", 0.0)
    for _ in range(5):
        log_one()
        ingest(home)
    ingest(home)
    assert len(list(home.db.glob("gen-*.duckdb"))) == 1
    assert list(home.spool.glob("*/*.json")) == []
    assert len(ids(home)) == 5


def test_a_record_stays_while_its_sessions_folder_does(
    home: Home, log_one: LogOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generation, "GRACE_S", 0.0)
    one = log_one()
    (home.sessions / one).mkdir(parents=True)
    ingest(home)
    ingest(home)
    assert [path.stem for path in home.spool.glob("*/*.json")] == [one]
    assert ids(home) == {one}


@pytest.mark.parametrize(
    "poison",
    [b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b'{"session_id": "no"}', b'{"day": "2026-01-01"}', b"\0" * 100],
)
def test_a_poison_record_stops_nobody_and_is_set_aside_with_a_line(poison: bytes, home: Home, log_one: LogOne) -> None:
    ask(home, "SELECT 1")
    first = log_one()
    (home.spool / "00000002/evil.json").write_bytes(poison)
    assert ids(home) == {first}
    assert ingest(home) == 1
    second = log_one()
    assert ingest(home) == 1
    assert ids(home) == {first, second}
    assert (home.spool / "bad/evil.json.bad").read_bytes() == poison
    line = json.loads((home.logs / "ingest.jsonl").read_text())
    assert line["file"].endswith("evil.json.bad")


def test_a_value_of_the_wrong_type_costs_that_value_alone(home: Home, log_one: LogOne) -> None:
    log_one()
    record = json.loads(next(home.spool.glob("*/*.json")).read_text())
    bad = {**record, "session_id": "019ab000-0000-7000-8000-000000000001", "n_failures": "many", "failures": 7}
    (home.spool / bucket_name(1) / f"{bad['session_id']}.json").write_text(json.dumps(bad))
    assert ingest(home) == 2
    answer = ask(home, "SELECT n_failures, prompt FROM sessions WHERE session_id = ?", [bad["session_id"]])
    assert answer.rows == [(None, "do it")]


def test_a_record_of_a_newer_version_is_read_without_what_is_not_known(home: Home, log_one: LogOne) -> None:
    one = log_one()
    path = next(home.spool.glob("*/*.json"))
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "new_column": {"a": 1}, "new_table": [{"b": 2}]}))
    assert ingest(home) == 1
    assert ids(home) == {one}


def test_ingesters_at_once_load_each_session_once(home: Home, log_one: LogOne) -> None:
    expected = {log_one() for _ in range(12)}
    running = [subprocess.Popen([*INGEST, str(home.root)], stderr=subprocess.PIPE) for _ in range(4)]
    assert [(process.communicate()[1], process.returncode) for process in running] == [(b"", 0)] * 4
    ingest(home)
    assert ids(home) == expected
    assert count(home, "SELECT count(*) FROM base.sessions") == 12


@pytest.mark.parametrize("after", ["load", "publish", "note_current"])
def test_an_ingester_killed_between_two_steps_loses_and_doubles_nothing(
    after: str, home: Home, log_one: LogOne
) -> None:
    expected = {log_one(failures=1) for _ in range(3)}
    program = f"""
import os, signal
from pathlib import Path
from guardrail_proxy.home import Home
from guardrail_proxy.store import ingest as module
real = module.{after}
def die(*args):
    real(*args)
    if {after!r} != "note_current" or args[1].database.exists():
        os.kill(os.getpid(), signal.SIGKILL)
module.{after} = die
module.ingest(Home(Path(os.environ["HOME_OF_TEST"])))
"""
    env = {**os.environ, "HOME_OF_TEST": str(home.root)}
    assert subprocess.run([sys.executable, "-c", program], env=env).returncode == -signal.SIGKILL
    assert ids(home) == expected
    expected.add(log_one())
    ingest(home)
    assert ids(home) == expected
    assert count(home, "SELECT count(*) FROM failures") == 3


def test_a_writer_in_the_middle_of_placing_its_file_is_waited_for(home: Home, log_one: LogOne) -> None:
    log_one()
    with spool_lock(home.spool, fcntl.LOCK_SH):
        process = subprocess.Popen([*INGEST, str(home.root)])
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.5)
        assert not (home.spool / "current").exists()
    assert process.wait(30) == 0


def test_a_lost_bucket_counter_hides_no_session_for_good(home: Home, log_one: LogOne) -> None:
    expected = {log_one()}
    for _ in range(3):
        ingest(home)
        expected.add(log_one())
    (home.spool / "current").write_text("torn\0")
    expected.add(log_one())
    ingest(home)
    assert ids(home) == expected


def test_every_file_of_the_store_is_for_its_owner_alone(home: Home, log_one: LogOne) -> None:
    log_one()
    ingest(home)
    loose = [p for p in home.root.rglob("*") if not p.is_symlink() and stat.S_IMODE(p.stat().st_mode) & 0o077]
    assert loose == []


def test_a_home_that_duckdb_cannot_name_is_refused_in_one_line(tmp_path: Path) -> None:
    for name in ("back\\slash", "what?"):
        with pytest.raises(ConfigError, match="choose another home"):
            ingest(Home(tmp_path / name))


def test_a_file_of_a_newer_version_is_refused_and_left_alone(home: Home) -> None:
    ingest(home)
    with duckdb.connect(str(home.db / "live.duckdb")) as con:
        con.execute("INSERT INTO base.migrations VALUES ('9999_future', TIMESTAMP '2030-01-01')")
    with pytest.raises(StoreError, match=r"newer guardrail-proxy .*9999_future"):
        ingest(home)


def test_a_moved_home_is_found_again(home: Home, log_one: LogOne, tmp_path: Path) -> None:
    one = log_one()
    ingest(home)
    moved = Home(tmp_path / "moved")
    home.root.rename(moved.root)
    ingest(moved)
    assert ids(moved) == {one}


def test_a_home_that_was_taken_away_is_not_made_again(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    words = [sys.executable, "-I", "-m", "guardrail_proxy.store.ingest", str(gone)]
    done = subprocess.run(words, capture_output=True, timeout=60)
    assert (done.returncode, gone.exists()) == (0, False)
