"""What is removed is gone everywhere, stays gone, and its room comes back, whoever reads meanwhile."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.session import Event
from guardrail_proxy.store import generation
from guardrail_proxy.store.generation import current_generation, generation_path
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.store.live import live, republish
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.removal import compact, remove_sessions

LogOne = Callable[..., str]
Shell = Callable[[Path], Callable[[str], str]]
WORD = "swordfish-in-a-session"
MANY = """
INSERT INTO base.sessions BY NAME
SELECT uuidv7() AS session_id, day, started_at, md5(i::VARCHAR) || sha256(i::VARCHAR) AS prompt
FROM base.sessions, range(60000) AS r(i)
"""
UNCOMMENTED = """
SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND comment IS NULL AND table_name <> 'spooled'
"""
pytestmark = pytest.mark.slow


def remove(home: Home, *ids: str) -> int:
    with live(home, wait=True) as con:
        assert con is not None
        count = remove_sessions(con, home, ids)
        republish(con, home)
    return count


def ids(home: Home) -> set[str]:
    return {str(row[0]) for row in ask(home, "SELECT session_id FROM sessions").rows}


@pytest.mark.parametrize("ingested", [False, True])
def test_a_removed_session_is_gone_and_stays_gone(ingested: bool, home: Home, log_one: LogOne, tmp_path: Path) -> None:
    recording = tmp_path / "recording.cast.gz"
    recording.write_bytes(gzip.compress(json.dumps({"version": 2}).encode()))
    gone, kept = log_one((Event("command", WORD),), failures=1, recording=recording), log_one(failures=1)
    if ingested:
        ingest(home)
    assert remove(home, gone) == 1
    ingest(home)
    assert ids(home) == {kept}
    assert ask(home, "SELECT (SELECT count(*) FROM events), (SELECT count(*) FROM failures)").rows == [(1, 1)]
    assert list(home.outputs.glob(f"*/{gone}*")) == []
    assert [path for path in home.spool.rglob("*.json") if WORD in path.read_text()] == []
    assert not (home.spool / "bad").exists()


def test_an_id_of_nobody_is_no_session_and_no_path(home: Home, log_one: LogOne, tmp_path: Path) -> None:
    one = log_one()
    (tmp_path / "x.json").write_text("{}")
    assert remove(home, "../../x", "*", "", "019ab000-0000-7000-8000-000000000001", one[:8]) == 0
    assert (ids(home), (tmp_path / "x.json").exists()) == ({one}, True)


def test_an_id_in_capitals_is_the_same_id(home: Home, log_one: LogOne) -> None:
    one = log_one()
    assert (remove(home, one.upper()), ids(home)) == (1, set())


def test_marks_go_with_their_session(home: Home, log_one: LogOne) -> None:
    one = log_one()
    with live(home, wait=True) as con:
        assert con is not None
        con.execute("INSERT INTO base.marks VALUES (?, true, ['x'])", [one])
    remove(home, one)
    assert ask(home, "SELECT * FROM marks").rows == []


def test_a_shell_on_an_old_generation_and_a_running_session_are_not_disturbed(
    home: Home, log_one: LogOne, shell: Shell
) -> None:
    one, two = log_one(), log_one()
    ingest(home)
    held = shell(home.database)
    log_one()
    (home.sessions / "running").mkdir()
    remove(home, one, two)
    compact(home)
    assert held("SELECT count(*) FROM sessions") == "[(3,)]"
    assert (len(ids(home)), (home.sessions / "running").exists()) == (1, True)


def test_the_room_comes_back_and_the_rest_stays(home: Home, log_one: LogOne, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generation, "GRACE_S", 0.0)
    one = log_one()
    ingest(home)
    with live(home, wait=True) as con:
        assert con is not None
        con.execute(MANY)
        republish(con, home)
    full = (home.db / "live.duckdb").stat().st_size
    remove(home, *ids(home) - {one})
    small = compact(home)
    ingest(home)
    assert small < 0.55 * full
    assert generation_path(home, current_generation(home)).stat().st_size < 0.55 * full
    assert len(list(home.db.glob("gen-*"))) == 1
    assert ids(home) == {one}
    assert ask(home, "SELECT removed FROM base.state").rows == [(0,)]


def test_a_compacted_store_has_its_comments_and_takes_sessions(home: Home, log_one: LogOne) -> None:
    log_one()
    ingest(home)
    compact(home)
    log_one()
    ingest(home)
    assert ask(home, f"SELECT ({UNCOMMENTED}), (SELECT count(*) FROM base.sessions)").rows == [(0, 2)]


def test_a_compaction_that_failed_leaves_nothing_behind(
    home: Home, log_one: LogOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = log_one()
    ingest(home)

    def full_disk(path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr("guardrail_proxy.store.removal.sync_file", full_disk)
    with pytest.raises(OSError, match="No space left"):
        compact(home)
    assert (list(home.db.glob("compact*")), ids(home)) == ([], {one})
