"""COLD. The private database, for one holder of the ingest lock at a time: what everybody writes through."""

import fcntl
import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from guardrail_proxy.durable import sync_folder, write_durably
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import make_private
from guardrail_proxy.store.generation import next_generation, note_current, publish, sweep
from guardrail_proxy.store.schema import StoreError, create, create_views, migrate, open_live
from guardrail_proxy.store.spooled import glob_path


@contextmanager
def live(home: Home, *, wait: bool) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The private database, migrated, while the ingest lock is held; None when another one holds it and ``wait`` is no.

    Its views show what waits in the spool, too. What is written is seen by readers after ``republish``.
    """
    with elected(home, wait=wait) as is_elected:
        if not is_elected:
            yield None
            return
        con = open_private(home)
        try:
            yield con
        finally:
            con.close()


def republish(con: duckdb.DuckDBPyConnection, home: Home, *, anew: bool = False) -> None:
    """Publish what was written now, and sweep what nobody reads any more. Copies the whole database.

    ``anew`` for a file whose views are not known to be ours.
    """
    con.begin()
    following = next_generation(con, home)
    row = con.execute("SELECT first_bucket FROM base.state").fetchone()
    assert row is not None
    con.execute("UPDATE base.state SET generation = ?, root = ?", [following, str(home.root)])
    create_views(con, home, row[0], anew=anew)
    con.commit()
    publish(con, home, following)
    note_current(con, home)
    sweep(con, home)


@contextmanager
def elected(home: Home, *, wait: bool) -> Iterator[bool]:
    """Hold ``ingest.lock``, and make every file for its owner alone; False when another one holds it."""
    _prepare(home)
    handle = os.open(home.root / "ingest.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        mask = os.umask(0o077)  # only while elected: two threads of one process would restore each other's
        try:
            yield True
        finally:
            os.umask(mask)
    finally:
        os.close(handle)


def open_private(home: Home) -> duckdb.DuckDBPyConnection:
    """The private database, migrated, for who is elected; made in one step where there is none.

    Raises StoreError when it cannot be made (a full disk) or opened.
    """
    path = home.db / "live.duckdb"
    if not path.exists():
        _make(home, path)
    con = open_live(path)
    try:
        if _is_empty(con):  # its tables were in a log that a full disk cut off: nothing was ever loaded into it
            con.close()
            path.unlink()
            _make(home, path)
            con = open_live(path)
        migrate(con, path)
    except BaseException:
        con.close()
        raise
    return con


def _make(home: Home, path: Path) -> None:
    """Under its name only once all of it is in the file: closing alone may leave it in the log, and say nothing."""
    new = home.db / "new.duckdb"
    for left in home.db.glob("new.duckdb*"):
        left.unlink()
    con = open_live(new)
    try:
        create(con, home)
        create_views(con, home, 1)
        con.execute("FORCE CHECKPOINT")
    except duckdb.Error as error:
        raise StoreError(f"cannot make '{path}': {error}") from error
    finally:
        con.close()
    os.rename(new, path)
    sync_folder(home.db)


def _is_empty(con: duckdb.DuckDBPyConnection) -> bool:
    return not con.execute("SELECT 1 FROM duckdb_tables() LIMIT 1").fetchall()


def _prepare(home: Home) -> None:
    glob_path(home.root)
    for folder in (home.root, home.db, home.spool, home.sessions, home.outputs):
        make_private(folder)
    make_private(home.outputs / "none")
    nothing = home.outputs / "none" / "none.cast.gz"
    if not nothing.exists():
        write_durably(nothing, gzip.compress(b"", mtime=0))  # the macro output_of needs one file to be there
