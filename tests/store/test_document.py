"""docs/sql.md is what the schema and the views say, and every example in it works."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.session import Event, FileChange, Finding, Stage
from guardrail_proxy.store.document import document
from guardrail_proxy.store.ingest import ensure_published
from guardrail_proxy.store.live import live, republish
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.view import views

LogOne = Callable[..., str]
ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/sql.md"
PROMISED = {
    "sessions", "stages", "violations", "failures", "tool_calls", "code_blocks", "commands", "events", "file_changes",
    "agent_activity", "metrics", "failure_trend", "insights", "metric_top", "live", "unguarded", "commits",
    "top_failures", "lies", "risky_commands", "days", "marks",
}  # fmt: skip
CHAPTER = re.compile(r"^### ([\w()]+)\n\n[^\n]+\n\n```sql\n(.+?)\n```", re.MULTILINE | re.DOTALL)
README_QUERY = re.compile(r"^    (?:\$ guardrail-proxy sql \"(.+)\"|(SELECT .+);)$", re.MULTILINE)
BY_WORKERS = """
INSERT INTO base.metrics BY NAME
SELECT make_timestamp(epoch_us(now())) AS bucket, 'claude' AS tool, '' AS agent, 1 AS sessions, 1 AS timed;
INSERT INTO base.metric_top SELECT make_timestamp(epoch_us(now())), 'failure', 'honesty/x', 'claude', 1, 1;
INSERT INTO base.failure_trend SELECT make_timestamp(epoch_us(now())), 'honesty', 'claude', '', 'high', 1;
INSERT INTO base.insights (insight_id, created_at, message) SELECT uuid(), make_timestamp(epoch_us(now())), 'more';
INSERT INTO base.unguarded (tool, native_id) VALUES ('claude', 'x');
UPDATE base.state SET root = 'elsewhere';
"""


def examples() -> list[tuple[str, str]]:
    return CHAPTER.findall(PAGE.read_text())


@pytest.fixture
def full(home: Home, log_one: LogOne, tmp_path: Path) -> Home:
    """A store in which every table has a row of today."""
    ask(home, "SELECT 1")
    with duckdb.connect(str(home.db / "live.duckdb")) as con:
        con.execute(BY_WORKERS)
    ensure_published(home)
    recording = tmp_path / "recording.cast.gz"
    shown = [{"version": 2, "width": 80, "height": 24}, [0.1, "o", "all tests pass\r\n"]]
    recording.write_bytes(gzip.compress("\n".join(map(json.dumps, shown)).encode()))
    log_one(
        (
            Event("command", "git push --force", call_id="1", at=1.0),
            Event("code block", "print()\n", language="python", agent_path="reviewer"),
        ),
        failures=1,
        violations=(Finding("commands/git-force-push", "violation", "high", "overwrites", event_seq=1),),
        stages=(Stage("parse", 0.0, 1.5),),
        file_changes=(FileChange("src/auth.py", "modified", 1, 2),),
        meta={"repo": "/project", "head_before": "a", "head_after": "b", "agent": "security"},
        recording=recording,
    )
    pin_all(home)
    running = home.sessions / "running"
    running.mkdir(parents=True)
    (running / "start.json").write_text('{"session_id": "x", "cli": "claude", "pid": 7, "started_at": 1790000000.5}')
    return home


def pin_all(home: Home) -> None:
    with live(home, wait=True) as con:
        assert con is not None
        con.execute("INSERT INTO base.marks SELECT session_id, true, ['release'] FROM sessions")
        republish(con, home)


def test_the_page_is_what_the_schema_and_the_views_say() -> None:
    assert PAGE.read_text() == document() + "\n", "run: python -m guardrail_proxy.store.document > docs/sql.md"


def test_every_promised_name_has_a_chapter_and_nothing_else() -> None:
    assert {name for name, _ in examples()} == PROMISED | {"output_of(id)"}
    assert {view.name for view in views()} == PROMISED


def test_every_example_gives_an_answer(full: Home) -> None:
    assert {name: len(ask(full, query).rows) > 0 for name, query in examples()} == dict.fromkeys(dict(examples()), True)


def test_every_query_of_the_readme_works(full: Home) -> None:
    queries = [shown or plain for shown, plain in README_QUERY.findall((ROOT / "README.md").read_text())]
    assert len([ask(full, query) for query in queries]) > 3


def test_every_table_and_every_column_has_a_comment_in_a_published_generation(home: Home) -> None:
    columns = ask(
        home, "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
    ).rows
    tables = ask(home, "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL").rows
    macros = ask(home, "SELECT comment IS NULL FROM duckdb_functions() WHERE function_name = 'output_of'").rows
    assert ([row for row in columns if row[0] != "spooled"], tables, macros) == ([], [], [(False,)])


def test_a_column_that_a_view_file_speaks_of_is_there(home: Home) -> None:
    rows = ask(home, "SELECT table_name, column_name FROM duckdb_columns() WHERE schema_name = 'main'").rows
    assert [(view.name, name) for view in views() for name in view.columns if (view.name, name) not in rows] == []
