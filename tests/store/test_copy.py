"""A generation that nobody reads is written into; one that somebody reads never is."""

import random
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.store import copy, generation
from guardrail_proxy.store.copy import CHUNK, copy_database
from guardrail_proxy.store.deletion import delete
from guardrail_proxy.store.generation import current_generation, generation_path
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.store.query import ask

LogOne = Callable[..., str]
Shell = Callable[[Path], Callable[[str], str]]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Generations are old enough, and large enough, at once."""
    monkeypatch.setattr(generation, "GRACE_S", 0.0)
    monkeypatch.setattr(copy, "SPARE_FROM_BYTES", 0)


def files(home: Home) -> list[str]:
    return sorted(path.name for path in home.db.glob("gen-*"))


@pytest.mark.parametrize("blocks", [(3, 5), (5, 3), (4, 4), (0, 2), (2, 0)])
def test_afterwards_it_holds_what_the_source_holds_and_it_is_the_same_file(
    tmp_path: Path, blocks: tuple[int, int]
) -> None:
    spare, source, target = (tmp_path / name for name in ("spare", "source", "target"))
    chance = random.Random(7)
    old, new = (bytearray(chance.randbytes(CHUNK * count + 10)) for count in blocks)
    new[:CHUNK] = old[:CHUNK]
    spare.write_bytes(old)
    source.write_bytes(new)
    inode = spare.stat().st_ino
    copy_database(source, target, spare)
    assert (target.read_bytes(), target.stat().st_ino, spare.exists()) == (bytes(new), inode, False)
    assert oct(target.stat().st_mode)[-3:] == "600"


def test_without_a_spare_or_with_one_that_is_gone_a_new_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"new")
    for spare in (None, tmp_path / "gone"):
        copy_database(tmp_path / "source", tmp_path / "target", spare)
        assert (tmp_path / "target").read_bytes() == b"new"


@pytest.mark.slow
def test_what_another_process_has_open_stays_as_it_is(tmp_path: Path, shell: Shell) -> None:
    spare = tmp_path / "spare.duckdb"
    held = shell(spare)
    held("CREATE TABLE t AS SELECT 42 AS n")
    (tmp_path / "source").write_bytes(b"new" * CHUNK)
    copy_database(tmp_path / "source", tmp_path / "target", spare)
    assert (tmp_path / "target").read_bytes() == b"new" * CHUNK
    assert held("FROM t") == "[(42,)]"


@pytest.mark.slow
def test_what_this_process_has_open_stays_as_it_is(tmp_path: Path) -> None:
    spare = tmp_path / "spare.duckdb"
    duckdb.connect(str(spare)).execute("CREATE TABLE t AS SELECT 42 AS n").close()
    with duckdb.connect(str(spare), read_only=True) as con:
        (tmp_path / "source").write_bytes(b"new" * CHUNK)
        copy_database(tmp_path / "source", tmp_path / "target", spare)
        assert con.execute("FROM t").fetchall() == [(42,)]


@pytest.mark.slow
@pytest.mark.usefixtures("at_once")
def test_generations_take_turns_in_two_files_and_every_session_is_there(home: Home, log_one: LogOne) -> None:
    seen, inodes = [], []
    for _ in range(5):
        log_one()
        ingest(home)
        inodes.append(generation_path(home, current_generation(home)).stat().st_ino)
        seen.append(ask(home, "SELECT count(*) FROM base.sessions").rows[0][0])
    assert (seen, len(files(home))) == ([1, 2, 3, 4, 5], 2)
    assert inodes[2:4] == inodes[0:2] == [inodes[4], inodes[1]]


@pytest.mark.slow
@pytest.mark.usefixtures("at_once")
def test_a_shell_on_an_old_generation_keeps_it_while_others_take_turns(
    home: Home, log_one: LogOne, shell: Shell
) -> None:
    log_one()
    ingest(home)
    held = shell(home.database)
    for number in range(2, 6):
        log_one()
        ingest(home)
        assert held("SELECT count(*) FROM sessions") == f"[({number},)]"
        assert ask(home, "SELECT count(*) FROM base.sessions").rows == [(number,)]


@pytest.mark.slow
@pytest.mark.usefixtures("at_once")
def test_no_generation_that_held_a_deleted_session_is_kept(home: Home, log_one: LogOne) -> None:
    one = log_one()
    for _ in range(2):
        log_one()
        ingest(home)
    before = files(home)
    delete(home, [one])
    ingest(home)
    assert set(before) & set(files(home)) == set()
