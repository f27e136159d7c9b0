"""COLD. Which sessions are too old, and their removal. Every session that goes was announced by an earlier sweep.

Where an archive is wanted, it has them, on disk, before the first of them is removed.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from guardrail_proxy.home import Home
from guardrail_proxy.store.archive import archive_sessions
from guardrail_proxy.store.live import live, republish
from guardrail_proxy.store.removal import remove_sessions
from guardrail_proxy.store.worker_sql import worker_sql

WORTH_SHARE = 4
"""The file is written anew when a quarter as many sessions were removed as are left."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did."""

    removed: int
    announced: int
    """How many the next one will remove."""
    is_worth_compacting: bool
    archived: int = 0
    """How many the archive did not have before."""


def sweep_old(home: Home, before: datetime, *, at_once: bool, archive: Path | None = None) -> Swept:
    """Remove what an earlier sweep announced, and announce what is older than ``before`` now.

    ``at_once`` removes all of it without announcing. So a clock that is wrong, or a shorter time that was set by
    mistake, is said for one interval before it costs a session. ArchiveError, and nothing is removed, when ``archive``
    cannot be written.
    """
    with live(home, wait=True) as con:
        assert con is not None
        row = con.execute("SELECT announced FROM base.state").fetchone()
        said = row[0] if row else None
        limit = before if at_once else min(before, said) if said else None
        old = _expired(con, limit) if limit else []
        archived = archive_sessions(con, archive, old) if archive and old else 0
        removed = remove_sessions(con, home, old) if old else 0
        con.execute("UPDATE base.state SET announced = ?", [before])
        announced = len(_expired(con, before))
        if removed:
            republish(con, home)
        return Swept(removed, announced, _is_worth_compacting(con), archived)


def _expired(con: duckdb.DuckDBPyConnection, before: datetime) -> list[str]:
    return [row[0] for row in con.execute(worker_sql("expired"), {"before": before}).fetchall()]


def _is_worth_compacting(con: duckdb.DuckDBPyConnection) -> bool:
    row = con.execute(
        "SELECT coalesce(max(removed), 0), (SELECT count(*) FROM base.sessions) FROM base.state"
    ).fetchone()
    assert row is not None
    return bool(row[0] * WORTH_SHARE > row[1])
