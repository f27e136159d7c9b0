"""COLD. Published generations: copies of the private database behind one symlink, and what may be swept away.

A generation holds the rows of every bucket before its ``first_bucket`` and shows the files of that one and all later
ones. It is in use while it is current, was so less than ``GRACE_S`` ago, or is open in any process. A spool file goes
only when no generation in use lists its bucket: no reader ever has a file deleted under it.
"""

import os
import re
import shutil
import time
from contextlib import suppress
from pathlib import Path

import duckdb

from guardrail_proxy.durable import replace_durably, sync_folder
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import buckets
from guardrail_proxy.store.copy import copy_database, is_worth_keeping
from guardrail_proxy.store.holders import is_open
from guardrail_proxy.store.schema import surface

GRACE_S = 20.0
"""From reading the symlink to holding the file's lock, with room for a machine under load."""
NAME = re.compile(r"gen-(\d{1,18})\.duckdb")


def generation_path(home: Home, number: int) -> Path:
    """The file of a generation."""
    return home.db / f"gen-{number}.duckdb"


def current_generation(home: Home) -> int:
    """The one the symlink points to; 0 when there is none."""
    with suppress(OSError):
        match = NAME.search(os.readlink(home.database))
        return int(match[1]) if match and home.database.exists() else 0
    return 0


def next_generation(con: duckdb.DuckDBPyConnection, home: Home) -> int:
    """The number of the next one to be published."""
    row = con.execute("SELECT generation FROM base.state").fetchone()
    assert row is not None
    return int(max(row[0], current_generation(home))) + 1


def is_published(home: Home) -> bool:
    """Whether there is a current generation, with the tables and views of this version of us."""
    try:
        published = (home.db / "surface").read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return False
    return current_generation(home) != 0 and published == surface()


def publish(con: duckdb.DuckDBPyConnection, home: Home, number: int) -> None:
    """Have the private database in a new name and point the symlink to it. Never over a file somebody may have open."""
    con.execute("FORCE CHECKPOINT")
    path = generation_path(home, number)
    temporary = path.with_suffix(".tmp")
    copy_database(home.db / "live.duckdb", temporary, _spare(con, home))
    os.rename(temporary, path)
    sync_folder(home.db)
    link = home.db / "link.tmp"
    link.unlink(missing_ok=True)
    link.symlink_to(f"db/{path.name}")
    os.rename(link, home.database)
    sync_folder(home.root)
    replace_durably(home.db / "surface", surface().encode())


def note_current(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Write down which generation is current and since when the others are not. Doing so twice changes nothing."""
    current = current_generation(home)
    state = con.execute("SELECT generation, first_bucket FROM base.state").fetchone()
    if state is None or current != state[0]:
        return
    con.begin()
    con.execute(
        "UPDATE base.generations SET boot = ?, superseded = ? WHERE generation <> ? AND superseded IS NULL",
        [_boot(), time.monotonic(), current],
    )
    con.execute(
        "INSERT INTO base.generations SELECT ?, ?, NULL, NULL WHERE ? NOT IN (SELECT generation FROM base.generations)",
        [*state, current],
    )
    con.commit()


def forget_spares(home: Home) -> None:
    """Keep no generation that there is now for its room: what was removed must not stay readable in it."""
    replace_durably(home.db / "kept-from", str(current_generation(home) + 1).encode())


def _spare(con: duckdb.DuckDBPyConnection, home: Home) -> Path | None:
    """A generation that nobody reads any more, to be written into."""
    return next((generation_path(home, number) for number in _spares(con, home)), None)


def _spares(con: duckdb.DuckDBPyConnection, home: Home) -> list[int]:
    """Those that may be kept for their room, newest first."""
    try:
        kept_from = int((home.db / "kept-from").read_text("ascii"))
    except (OSError, ValueError):
        kept_from = 0
    unread = (n for n, _, used in _generations(con, home) if not used and n >= kept_from)
    return sorted((n for n in unread if is_worth_keeping(generation_path(home, n))), reverse=True)


def _generations(con: duckdb.DuckDBPyConnection, home: Home) -> list[tuple[int, int, bool]]:
    """Number, first bucket, and whether it is in use, of each that is known."""
    current = current_generation(home)
    rows = con.execute("SELECT generation, first_bucket, boot, superseded FROM base.generations").fetchall()
    return [(n, first, n == current or _may_be_read(home, n, boot, at)) for n, first, boot, at in rows]


def sweep(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Remove generations that are not in use, but one for the next to be written into; and buckets that none lists."""
    current, known = current_generation(home), _generations(con, home)
    in_use = {number: first for number, first, used in known if used}
    if current not in in_use:
        return
    kept = {*in_use, *_spares(con, home)[:1]}
    for path in home.db.iterdir():
        match = NAME.match(path.name) or re.match(r"gen-(\d{1,18})\.tmp", path.name)
        if match and int(match[1]) not in kept:
            _remove(path)
    gone = [number for number, *_ in known if number not in kept]
    if gone:
        con.execute("DELETE FROM base.generations WHERE list_contains(?, generation)", [gone])
    _sweep_buckets(home, min(in_use.values()))


def _may_be_read(home: Home, number: int, boot: str | None, superseded: float | None) -> bool:
    is_fresh = superseded is None or (boot == _boot() and time.monotonic() - superseded < GRACE_S)
    return is_fresh or is_open(generation_path(home, number))


def _sweep_buckets(home: Home, listed_from: int) -> None:
    """A record stays while its session's folder does: its finisher may come again and must find that it is done."""
    for number, folder in buckets(home.spool):
        if number >= listed_from:
            return
        for path in folder.iterdir():
            if not (home.sessions / path.stem).exists():
                _remove(path)
        with suppress(OSError):
            folder.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _boot() -> str:
    """Which boot of the machine the monotonic clock belongs to; '' where the system does not say."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    return ""
