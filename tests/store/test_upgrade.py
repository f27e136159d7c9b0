"""A store of every earlier version, with sessions in it, becomes one of this version and loses nothing."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.store.live import live
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.schema import migration_files, open_live

LogOne = Callable[..., str]
EARLIER = sorted(Path(__file__).parent.glob("schema_*.sql"))
SHAPE = """
SELECT table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns()
WHERE schema_name = 'base' AND NOT internal ORDER BY ALL
"""
ONE = "019ab000-0000-7000-8000-000000000001"
pytestmark = pytest.mark.slow


def store_of(home: Home, schema: Path) -> None:
    """A private database as that version left it, with one session and one failure."""
    home.db.mkdir(parents=True, mode=0o700)
    con = open_live(home.db / "live.duckdb")
    con.execute(schema.read_text())
    con.execute("INSERT INTO base.state (generation, first_bucket, root) VALUES (0, 1, '')")
    for path in migration_files():
        if path.stem[:4] <= schema.stem[-4:]:
            con.execute("INSERT INTO base.migrations VALUES (?, TIMESTAMP '2026-01-01')", [path.stem])
    con.execute(
        f"""INSERT INTO base.sessions (session_id, day, started_at, tool, outcome) VALUES
        ('{ONE}', DATE '2026-11-01', TIMESTAMP '2026-11-01 01:02:03', 'claude', 'completed')"""
    )
    con.execute(
        f"""INSERT INTO base.failures (session_id, day, ts, category) VALUES
        ('{ONE}', DATE '2026-11-01', TIMESTAMP '2026-11-01 02:02:03', 'honesty')"""
    )
    con.close()


def test_there_is_a_schema_of_every_version_but_this_one() -> None:
    assert [path.stem[-4:] for path in EARLIER] == [path.stem[:4] for path in migration_files()][:-1]


@pytest.mark.parametrize("schema", EARLIER, ids=lambda path: str(path.stem))
def test_an_upgraded_store_has_the_shape_of_a_new_one_and_its_sessions(
    schema: Path, home: Home, tmp_path: Path
) -> None:
    store_of(home, schema)
    ingest(home)
    ingest(Home(tmp_path / "fresh"))
    assert ask(home, SHAPE).rows == ask(Home(tmp_path / "fresh"), SHAPE).rows
    assert ask(home, "SELECT s.tool FROM sessions AS s JOIN failures USING (session_id)").rows == [("claude",)]
    assert ask(home, "SELECT * FROM marks").rows == []


@pytest.mark.parametrize("schema", EARLIER, ids=lambda path: str(path.stem))
def test_the_workers_begin_with_everything_that_an_older_store_holds(schema: Path, home: Home) -> None:
    store_of(home, schema)
    with live(home, wait=True) as con:
        assert con is not None
        rows = con.execute("SELECT worker, CAST(bucket AS VARCHAR) FROM base.touched ORDER BY worker").fetchall()
    assert rows == [("analysis", "2026-11-01 02:00:00"), ("metrics", "2026-11-01 01:02:00")]


def test_views_that_another_version_published_are_made_again(home: Home, log_one: LogOne) -> None:
    log_one()
    ingest(home)
    (home.db / "surface").write_text("of another version")
    with duckdb.connect(str(home.database)) as con:
        con.execute("DROP VIEW marks")
    assert ask(home, "SELECT * FROM marks").rows == []
