"""Sessions that are too old go to the archive, once, on disk before they are deleted; and they can be asked there."""

from pathlib import Path

import pytest

from guardrail_proxy.config import Config
from guardrail_proxy.home import Home
from guardrail_proxy.store import retention
from guardrail_proxy.store.importing import import_sessions
from guardrail_proxy.store.query import QueryError, ask

from .conftest import NOON, Stage

DAY = 86_400.0
OLD = NOON - 90 * DAY
"""2026-08-23 12:00:00 UTC."""
pytestmark = pytest.mark.slow


@pytest.fixture
def archive(stage: Stage, tmp_path: Path) -> Path:
    folder = tmp_path / "ar'chive [x]* ü" / "deep"
    stage.config = Config.model_validate({"retention": {"archive": str(folder)}})
    return folder


def archived(stage: Stage, folder: Path) -> list[str]:
    """Ids in all files, asked as a person does."""
    query = f"SELECT session_id FROM '{str(folder / '*.parquet').replace(chr(39), chr(39) * 2)}' ORDER BY started_at"
    plain = query.replace("[x]* ü", "[[]x][*] ü")
    return [str(row[0]) for row in ask(stage.home, plain, (), [folder]).rows]


def left(stage: Stage) -> set[str]:
    return {str(row[0]) for row in stage.rows("SELECT session_id FROM sessions")}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_goes_is_in_a_file_of_its_day_that_only_its_owner_reads(stage: Stage, archive: Path) -> None:
    one, other = stage.log((NOON,), started=OLD), stage.log(started=OLD + 2 * DAY)
    stage.ingest()
    waiting, kept = stage.log(started=OLD + 60), stage.log()
    assert stage.run("cleanup", at_once=True) == f"removed 3 sessions, 3 of them newly archived in {archive}"
    assert (left(stage), archived(stage, archive)) == ({kept}, [one, waiting, other])
    assert names(archive) == ["2026-08-23.parquet", "2026-08-25.parquet"]
    assert {oct(path.stat().st_mode)[-3:] for path in (archive, *archive.iterdir())} == {"700", "600"}


def test_without_the_key_nothing_is_archived(stage: Stage, tmp_path: Path) -> None:
    stage.log(started=OLD)
    assert stage.run("cleanup", at_once=True) == "removed 1 sessions"
    assert list(tmp_path.rglob("*.parquet")) == []


def test_the_sweep_says_where_what_is_old_will_go(stage: Stage, archive: Path) -> None:
    stage.log(started=OLD)
    assert f"1 sessions are older than 30 days and go to the archive {archive} at the next sweep" in stage.run(
        "cleanup"
    )
    assert not archive.exists()


def test_killed_between_archive_and_delete_each_session_is_archived_once(
    stage: Stage, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = [stage.log(started=OLD + second) for second in range(3)]
    with monkeypatch.context() as patched:
        patched.setattr(retention, "remove_sessions", _killed)
        assert "Killed" in stage.worker("cleanup").run_now(at_once=True).error
    assert (left(stage), archived(stage, archive)) == (set(expected), expected)
    expected.append(stage.log(started=OLD + 9))
    assert stage.run("cleanup", at_once=True) == f"removed 4 sessions, 1 of them newly archived in {archive}"
    assert (left(stage), archived(stage, archive)) == (set(), expected)
    assert names(archive) == ["2026-08-23.2.parquet", "2026-08-23.parquet"]


def test_an_archive_that_cannot_be_read_or_written_costs_no_session(stage: Stage, archive: Path) -> None:
    one = stage.log(started=OLD)
    archive.mkdir(parents=True)
    (archive / "2026-08-23.parquet").write_bytes(b"PAR1 no more")
    error = stage.worker("cleanup").run_now(at_once=True).error
    assert (left(stage), error.startswith("ArchiveError: nothing was removed, the archive")) == ({one}, True)
    (archive / "2026-08-23.parquet").unlink()
    archive.rmdir()
    archive.write_text("a file in its place")
    assert "nothing was removed" in stage.worker("cleanup").run_now(at_once=True).error
    assert left(stage) == {one}


def test_pinned_sessions_and_other_files_in_the_folder_are_left_alone(stage: Stage, archive: Path) -> None:
    archive.mkdir(parents=True)
    (archive / "notes.parquet").write_text("mine")
    stage.log(started=OLD)
    stage.run("cleanup", at_once=True)
    assert (archive / "notes.parquet").read_text() == "mine"


def test_an_archive_file_can_be_imported_with_all_its_rows(stage: Stage, archive: Path, tmp_path: Path) -> None:
    one = stage.log((NOON, NOON), started=OLD, quote="what it said")
    stage.run("cleanup", at_once=True)
    other = Home(tmp_path / "other")
    done = import_sessions(other, archive / "2026-08-23.parquet", lambda _: None)
    query = "SELECT CAST(session_id AS VARCHAR), evidence FROM failures"
    assert (done.new, ask(other, query).rows) == (1, [(one, "what it said")] * 2)


def test_a_folder_given_to_a_query_opens_nothing_beside_it(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("n\n1\n")
    (tmp_path / "b.csv").write_text("n\n2\n")
    stage.ingest()
    folder = [tmp_path / "in"]
    assert ask(stage.home, f"FROM '{tmp_path}/in/*.csv'", (), folder).rows == [(1,)]
    for outside in (f"{tmp_path}/b.csv", f"{tmp_path}/in/../b.csv", f"{tmp_path}/*.csv"):
        with pytest.raises(QueryError, match="can be read"):
            ask(stage.home, f"FROM '{outside}'", (), folder)


@pytest.mark.parametrize("folder", ["archive", "~", "~nobody/archive", ""])
def test_a_folder_that_is_not_absolute_is_no_archive(folder: str) -> None:
    with pytest.raises(ValueError, match="archive"):
        Config.model_validate({"retention": {"archive": folder}})


def _killed(*_: object) -> int:
    raise RuntimeError("Killed")
