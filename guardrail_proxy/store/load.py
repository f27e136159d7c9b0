"""COLD. From closed spool buckets into the base tables: one transaction, each session once, whatever else is there."""

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import duckdb

from guardrail_proxy.durable import replace_durably
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import bucket_name, buckets, current_bucket, make_private, spool_lock
from guardrail_proxy.store.generation import current_generation, generation_path, is_published, next_generation
from guardrail_proxy.store.holders import is_open_for_writing
from guardrail_proxy.store.journal import note
from guardrail_proxy.store.schema import create_views
from guardrail_proxy.store.spooled import CHILD_TABLES, glob_path, spooled_select
from guardrail_proxy.store.touched import touch

PENDING_SHARE = 500
"""Publishing copies the whole database, so it waits until 1/500 of it is new; the spool is visible meanwhile."""
MOST_PENDING = 300
"""Every query reads what waits: so many cost it about as much as a million sessions in the tables."""
LONGEST_WAIT_S = 600.0
BATCH = 1000
BATCH_BYTES = 64 << 20
RECORD = ".json"
KNOWN = """
SELECT CAST(session_id AS VARCHAR) FROM base.sessions
WHERE session_id IN (SELECT TRY_CAST(unnest(CAST(? AS VARCHAR[])) AS UUID))
"""
REMOVED = b'{"removed": true}'
"""What is left of the record of a session that was removed, until its bucket goes."""


def is_due(con: duckdb.DuckDBPyConnection, home: Home) -> bool:
    """Whether a new generation is worth its copy."""
    generation, root = _row(con, "SELECT generation, root FROM base.state")
    current = current_generation(home)
    if not is_published(home) or current != generation or root != str(home.root):
        return True
    if is_open_for_writing(generation_path(home, current)):
        return True
    pending = _unloaded(con, home, 1 << 62)
    (known,) = _row(con, "SELECT count(*) FROM base.sessions")
    assert isinstance(known, int)
    return len(pending) > min(known // PENDING_SHARE, MOST_PENDING) or any(
        _age_s(path) > LONGEST_WAIT_S for path in pending
    )


def load(con: duckdb.DuckDBPyConnection, home: Home) -> tuple[int, int]:
    """Close the current bucket and load all closed ones; return how many sessions came, and the next generation."""
    (first,) = _row(con, "SELECT first_bucket FROM base.state")
    assert isinstance(first, int)
    opened = _close_bucket(home, first)
    files = _unloaded(con, home, opened)
    con.begin()
    loaded = sum(_load_batch(con, home, batch) for batch in _batches(files))
    following = next_generation(con, home)
    con.execute("UPDATE base.state SET generation = ?, first_bucket = ?, root = ?", [following, opened, str(home.root)])
    create_views(con, home, opened)
    con.commit()
    return loaded, following


def _close_bucket(home: Home, first: int) -> int:
    """Advance the counter while no writer is between reading it and placing a file; return the bucket now open."""
    with spool_lock(home.spool, fcntl.LOCK_EX):
        newest = max((number for number, _ in buckets(home.spool)), default=0)
        opened = max(current_bucket(home.spool), newest, first) + 1
        replace_durably(home.spool / "current", bucket_name(opened).encode())
    return opened


def _unloaded(con: duckdb.DuckDBPyConnection, home: Home, before: int) -> list[Path]:
    """Records in buckets before that one that are neither in the tables nor known to be bad."""
    bad = set(_names(home.spool / "bad", ".bad"))
    closed = [folder for number, folder in buckets(home.spool) if number < before]
    found = {folder / name: name.removesuffix(RECORD) for folder in closed for name in _names(folder, RECORD)}
    known = {name for (name,) in con.execute(KNOWN, [list(found.values())]).fetchall()} if found else set()
    new = [path for path, name in found.items() if name not in known and f"{path.name}.bad" not in bad]
    return [path for path in new if path.is_file() and not _is_removed(path)]


def _names(folder: Path, suffix: str) -> list[str]:
    with suppress(OSError):
        return sorted(name for name in os.listdir(folder) if name.endswith(suffix))
    return []


def _load_batch(con: duckdb.DuckDBPyConnection, home: Home, files: Sequence[Path]) -> int:
    readable = [path for path in files if os.access(path, os.R_OK)]
    loaded = _insert(con, readable) if readable else set()
    for path in files:
        if path.stem not in loaded:
            _set_aside(home, path)
    return len(loaded)


def _insert(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> set[str]:
    """Insert what the files hold; return the ids that are in the tables now."""
    select = spooled_select(con, [glob_path(path) for path in files])
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE incoming AS FROM ({select}) "
        "QUALIFY row_number() OVER (PARTITION BY session_id) = 1"
    )
    con.execute("DELETE FROM incoming WHERE session_id IN (SELECT session_id FROM base.sessions)")
    ids = {name for (name,) in con.execute("SELECT CAST(session_id AS VARCHAR) FROM incoming").fetchall()}
    children = ", ".join(CHILD_TABLES)
    con.execute(f"INSERT INTO base.sessions BY NAME SELECT * EXCLUDE ({children}) FROM incoming")  # noqa: S608 # our own names
    for table in CHILD_TABLES:
        rows = f"SELECT session_id, day, unnest({table}, max_depth := 2) FROM incoming"  # noqa: S608 # our own names
        con.execute(f"INSERT INTO base.{table} BY NAME {rows}")
    touch(con, "incoming")
    return ids


def _set_aside(home: Home, path: Path) -> None:
    """Not a record: link it out of the spool and say so. Its old name goes with its bucket, when no reader lists it."""
    target = _bad_path(home, path)
    make_private(target.parent)
    with suppress(FileExistsError):
        os.link(path, target)
    note(home, "not a session record, set aside", file=str(target))


def _bad_path(home: Home, path: Path) -> Path:
    return home.spool / "bad" / f"{path.name}.bad"


def _is_removed(path: Path) -> bool:
    try:
        return path.stat().st_size == len(REMOVED) and path.read_bytes() == REMOVED
    except OSError:
        return False


def _batches(files: Sequence[Path]) -> Iterator[list[Path]]:
    """The files in batches that fit into memory."""
    batch: list[Path] = []
    room = BATCH_BYTES
    for path in files:
        size = path.stat().st_size
        if batch and (len(batch) == BATCH or size > room):
            yield batch
            batch, room = [], BATCH_BYTES
        batch.append(path)
        room -= size
    if batch:
        yield batch


def _row(con: duckdb.DuckDBPyConnection, query: str) -> tuple[object, ...]:
    row = con.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def _age_s(path: Path) -> float:
    try:
        return abs(time.time() - path.stat().st_mtime)
    except FileNotFoundError:
        return 0.0
