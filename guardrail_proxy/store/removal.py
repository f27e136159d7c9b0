"""COLD. Sessions that go for good: rows, recordings and spooled records; and a file that really gets smaller.

A spooled record that a reader may be about to open is not deleted but replaced, in one step, by a note that it was
removed: no reader fails, no ingester loads it again, and the file goes with its bucket.
"""

import os
import re
import shutil
from collections.abc import Collection, Sequence
from contextlib import closing
from pathlib import Path

import duckdb

from guardrail_proxy.durable import sync_file, sync_folder, write_durably
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import buckets
from guardrail_proxy.store.dead import is_dead
from guardrail_proxy.store.generation import forget_spares
from guardrail_proxy.store.leftovers import remove_half_written
from guardrail_proxy.store.live import elected, open_private, republish
from guardrail_proxy.store.load import REMOVED
from guardrail_proxy.store.spooled import CHILD_TABLES, literal
from guardrail_proxy.store.touched import touch

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RECORDING = ".cast.gz"
CHOSEN = """
CREATE OR REPLACE TEMP TABLE chosen AS
SELECT session_id, day
FROM sessions
WHERE session_id IN (SELECT CAST(unnest(CAST(? AS VARCHAR[])) AS UUID))
"""


def remove_sessions(con: duckdb.DuckDBPyConnection, home: Home, ids: Sequence[str]) -> int:
    """Remove finished sessions from the private database and from the disk; return how many there were.

    Readers see it after ``republish``; the file gets smaller by ``compact``. Whatever is no id of a session is skipped.
    Killed in between, it can be called again with the same ids.
    """
    wanted = {text.lower() for text in ids if ID.fullmatch(text.lower())}
    con.execute(CHOSEN, [sorted(wanted)])
    row = con.execute("SELECT count(*) FROM chosen").fetchone()
    assert row is not None
    _forget_records(home, wanted)
    con.begin()
    touch(con, "chosen")
    for table in ("sessions", *CHILD_TABLES, "marks"):
        con.execute(f"DELETE FROM base.{table} WHERE session_id IN (SELECT session_id FROM chosen)")  # noqa: S608 # our own names
    con.execute("UPDATE base.state SET removed = coalesce(removed, 0) + ?", [row[0]])
    con.commit()
    _delete_files(home, wanted)
    return int(row[0])


def _forget_records(home: Home, ids: Collection[str]) -> None:
    for _, folder in buckets(home.spool):
        for path in folder.iterdir():
            if path.stem in ids and path.suffix == ".json":
                temporary = home.spool / f".{path.stem}.removed.tmp"
                write_durably(temporary, REMOVED)
                os.rename(temporary, path)
        sync_folder(folder)


def _delete_files(home: Home, ids: Collection[str]) -> None:
    """Recordings, and what a process that died left behind."""
    for path in home.outputs.glob("*/*" + RECORDING):
        if path.name.removesuffix(RECORDING) in ids:
            path.unlink(missing_ok=True)
    remove_half_written(home, ids)
    for folder in home.sessions.iterdir():
        if folder.name in ids and is_dead(folder):
            shutil.rmtree(folder, ignore_errors=True)


def compact(home: Home) -> int:
    """Write the private database anew without the room of removed rows, and publish it; return its size in bytes.

    Waits for the ingest lock. Readers, and shells that hold an older generation, keep what they have open.
    """
    path, new = home.db / "live.duckdb", home.db / "compact.duckdb"
    with elected(home, wait=True):
        try:
            forget_spares(home)
            _write_anew(home, new)
            if not path.with_name("live.duckdb.wal").exists():  # a log must never meet another file than its own
                os.rename(new, path)
                sync_folder(home.db)
        finally:
            _clear(home, new.name)
        with closing(open_private(home)) as con:
            republish(con, home, anew=True)
        return path.stat().st_size


def _write_anew(home: Home, new: Path) -> None:
    _clear(home, new.name)
    with closing(open_private(home)) as con:
        con.execute("UPDATE base.state SET removed = 0")
        con.execute("FORCE CHECKPOINT")
        con.execute(f"ATTACH {literal(str(new))} AS fresh (STORAGE_VERSION 'v1.5.0')")
        con.execute("COPY FROM DATABASE live TO fresh")
        con.execute("DETACH fresh")
    sync_file(new)


def _clear(home: Home, name: str) -> None:
    for left in home.db.glob(f"{name}*"):
        left.unlink()
