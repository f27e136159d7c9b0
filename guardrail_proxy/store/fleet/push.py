"""COLD. A machine's closed days into the fleet's folder: each session once, whatever was killed before."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import make_private
from guardrail_proxy.store.export import Said
from guardrail_proxy.store.fleet.manifest import (
    VERSION,
    Part,
    Pushed,
    file_path,
    manifest_path,
    read_manifest,
    write_manifest,
)
from guardrail_proxy.store.fleet.source import host_name, source_id
from guardrail_proxy.store.fleet.stage import TABLES, Stage, stage
from guardrail_proxy.store.fleet.target import Target
from guardrail_proxy.store.query import ask

CLOSED = """
SELECT CAST(day AS VARCHAR) AS day, list(CAST(session_id AS VARCHAR) ORDER BY session_id) AS ids
FROM sessions
WHERE day >= CAST($since AS DATE) AND day < CAST($today AS DATE) AND coalesce(origin, '') <> 'import'
GROUP BY day
ORDER BY day
"""
STAGED_TOGETHER = 1000
Days = dict[str, list[str]]
"""Ids of the sessions of each day."""


@dataclass(frozen=True, slots=True)
class Pusher:
    """Who pushes where to."""

    home: Home
    target: Target
    source: str
    host: str


@contextmanager
def pusher(home: Home, target: Target) -> Iterator[Pusher]:
    """The one process that pushes from this home. GuardrailError when another one does."""
    make_private(home.root)
    handle = os.open(home.root / "fleet.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise GuardrailError("another push from this guardrail home is at work: wait for it") from error
        yield Pusher(home, target, source_id(home), host_name())
    finally:
        os.close(handle)


def missing(who: Pusher, since: date, today: date) -> Days:
    """The sessions of the days since then and before today that are not in the fleet yet; imported ones never are."""
    rows = ask(who.home, CLOSED, {"since": since.isoformat(), "today": today.isoformat()}).rows
    days: Days = {}
    for day, ids in rows:
        assert isinstance(ids, list)
        known = _known(who, str(day))
        left = [name for name in ids if not known or name not in known.sessions]
        if left:
            days[str(day)] = left
    return days


def push(who: Pusher, days: Days, said: Said) -> int:
    """Ship them, day by day; return how many sessions there were. ``said`` is told how many more are done."""
    return sum(_push_group(who, group, said) for group in _groups(days))


def _groups(days: Days) -> Iterator[Days]:
    """Days that are staged together: whole ones, until there are enough."""
    group: Days = {}
    for day, ids in days.items():
        group[day] = ids
        if sum(map(len, group.values())) >= STAGED_TOGETHER:
            yield group
            group = {}
    if group:
        yield group


def _push_group(who: Pusher, days: Days, said: Said) -> int:
    ids = [name for names in days.values() for name in names]
    with (
        tempfile.TemporaryDirectory(prefix="guardrail-proxy-") as folder,
        stage(who.home, ids, who.host, Path(folder), said) as staged,
    ):
        return sum(_push_day(who, day, staged, Path(folder) / "part") for day in days)


def _push_day(who: Pusher, day: str, staged: Stage, part: Path) -> int:
    ids = staged.sessions(day)
    if not ids:
        return 0
    known = _known(who, day) or Pushed(version=VERSION, day=day, source=who.source, host=who.host)
    path = f"host={who.host}/part-{who.source}-{_short(ids[0])}-{_short(ids[-1])}.parquet"
    rows: dict[str, int] = {}
    for table in TABLES:
        _remove_left(who, table, known)
        rows[table] = staged.write(table, day, part)
        who.target.put(file_path(table, day, path), part)
    whole = known.model_copy(update={"parts": (*known.parts, Part(path=path, rows=rows, sessions=ids))})
    write_manifest(who.target, manifest_path(day, who.source), whole)
    return len(ids)


def _known(who: Pusher, day: str) -> Pushed | None:
    return read_manifest(who.target, manifest_path(day, who.source), Pushed)


def _remove_left(who: Pusher, table: str, known: Pushed) -> None:
    """What a push that was killed left there under another name."""
    named = {file_path(table, known.day, part.path) for part in known.parts}
    for path in who.target.files(f"{table}/day={known.day}"):
        ours = path.rpartition("/")[2].lstrip(".").startswith(f"part-{who.source}-")
        if ours and path not in named:
            who.target.remove(path)


def _short(session_id: str) -> str:
    return session_id.replace("-", "")
