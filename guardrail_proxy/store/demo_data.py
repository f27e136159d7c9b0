"""COLD. Made-up sessions in a guardrail home of their own, to try queries on: in bulk, the same each time."""

import gzip
import json
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from guardrail_proxy import __version__
from guardrail_proxy.durable import write_durably
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import Home
from guardrail_proxy.log.recording import publish_recording
from guardrail_proxy.log.spool import make_private
from guardrail_proxy.store.dead import MADE_UP
from guardrail_proxy.store.live import live, republish
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.spooled import literal
from guardrail_proxy.store.sums import replace_metrics
from guardrail_proxy.store.touched import touch
from guardrail_proxy.store.trends import analyse

FOLDER = Path(__file__).parent / "demo"
MARK = "demo-data"
RECORDED = 20
"""That many of the newest sessions have a recording, too."""
NEWEST = "SELECT session_id, day, prompt, thing FROM chosen ORDER BY i DESC LIMIT ?"
RUNNING = (("claude", 90), ("codex", 1500))
"""CLI, and how many seconds ago it was started, of what ``live`` shows: the process that never ends is theirs."""
STEPS = ("stories.sql", "sessions.sql", "recordings", "tables.sql", "sums")


def make_demo(home: Home, count: int, said: Callable[[int], object]) -> None:
    """Fill the home with that many sessions; those made before are replaced. ``said`` is told after each of ``STEPS``.

    ConfigError when the home holds anything that was not made here.
    """
    _claim(home)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    values = {"$count": str(count), "$end": literal(str(now)), "$version": literal(__version__)}
    with live(home, wait=True) as con:
        assert con is not None
        con.begin()
        for name in STEPS[:-1]:
            if name == "recordings":
                _record(con, home)
            else:
                con.execute(_filled((FOLDER / name).read_text("utf-8"), values))
            said(1)
        touch(con, "chosen")
        con.commit()
        replace_metrics(con)
        analyse(con, now)
        republish(con, home)
        _run(home)
        said(1)


def _claim(home: Home) -> None:
    """Make the home ours: it is empty, or we made it and nothing else came in."""
    mark = home.root / MARK
    if home.root.exists() and any(home.root.iterdir()):
        if not mark.exists() or (home.database.exists() and ask(home, FOREIGN).rows != [(0,)]):
            raise ConfigError(f"'{home.root}' holds what is no demo data: give a new folder with --home")
        for path in (home.db, home.spool, home.outputs, home.sessions, home.data):
            shutil.rmtree(path, ignore_errors=True)
        home.database.unlink(missing_ok=True)
    make_private(home.root)
    write_durably(mark, b"made by guardrail-proxy demo-data\n")


def _run(home: Home) -> None:
    """Start records of sessions that run for ever, in folders that no ingester takes for a session's."""
    for cli, seconds in RUNNING:
        folder = home.sessions / f"{MADE_UP}{cli}"
        make_private(folder)
        start = {"session_id": f"{MADE_UP}{cli}", "cli": cli, "pid": 1, "started_at": time.time() - seconds}
        write_durably(folder / "start.json", json.dumps(start).encode())


FOREIGN = "SELECT count(*) FROM sessions WHERE host IS NULL OR NOT starts_with(host, 'demo-')"


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _record(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Recordings of the newest sessions, and the table of them."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE recorded "
        "(session_id UUID, output_ref VARCHAR, output_bytes BIGINT, output_sha256 VARCHAR, output_head VARCHAR)"
    )
    for session_id, day, prompt, thing in con.execute(NEWEST, [RECORDED]).fetchall():
        cast = home.root / f".{session_id}.tmp"
        cast.write_bytes(gzip.compress(_cast(str(prompt).replace("{thing}", thing)).encode(), mtime=0))
        output = publish_recording(home, str(session_id), str(day), cast)
        cast.unlink()
        names = ("output_ref", "output_bytes", "output_sha256", "output_head")
        con.execute("INSERT INTO recorded VALUES (?, ?, ?, ?, ?)", [session_id, *(output[name] for name in names)])


def _cast(prompt: str) -> str:
    shown = (f"\x1b[1m> {prompt}\x1b[0m\r\n", "I will look at it first.\r\n", "\x1b[32mDone.\x1b[0m\r\n")
    lines = [{"version": 2, "width": 80, "height": 24}, *([0.4 * at, "o", text] for at, text in enumerate(shown, 1))]
    return "".join(json.dumps(line) + "\n" for line in lines)
