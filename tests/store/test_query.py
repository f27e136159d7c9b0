"""What a person may ask, and what nobody may."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from guardrail_proxy.errors import ConfigError, GuardrailError, RefusedError
from guardrail_proxy.home import Home
from guardrail_proxy.session import Event, Finding
from guardrail_proxy.store.ingest import ensure_published
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.view import views

LogOne = Callable[..., str]
READS = (
    "SELECT 1",
    "FROM sessions",
    "VALUES (1)",
    "WITH a AS (SELECT 1) FROM a",
    "DESCRIBE sessions",
    "SHOW TABLES",
    "SUMMARIZE sessions",
    "EXPLAIN SELECT * FROM sessions",
    "EXPLAIN ANALYZE SELECT * FROM sessions",
    "/* a */ -- b\nEXPLAIN (FORMAT json) SELECT 1",
    "SELECT 1;",
)
WRITES = (
    "COPY sessions TO 'out.csv'",
    "COPY (SELECT 1) TO '{spool}/evil.json'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{spool}/evil.json'",
    "EXPLAIN ANALYZE /* SELECT */ COPY (SELECT 1) TO '{spool}/evil.json'",
    "EXPLAIN SELECT 1; COPY (SELECT 1) TO '{spool}/evil.json'",
    "ATTACH 'other.duckdb'",
    "DETACH memory",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET threads = 1",
    "RESET threads",
    "USE memory",
    "PRAGMA threads = 1",
    "PRAGMA enable_profiling",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "COMMENT ON VIEW sessions IS 'x'",
    "EXECUTE p",
    "MERGE INTO base.sessions USING (SELECT 1 AS a) ON false WHEN NOT MATCHED THEN INSERT DEFAULT VALUES",
    "CREATE TABLE t (a INT)",
    "CREATE TEMP TABLE t (a INT)",
    "CREATE MACRO m() AS 1",
    "INSERT INTO base.sessions SELECT * FROM sessions",
    "UPDATE base.sessions SET tool = 'x'",
    "DELETE FROM base.sessions",
    "DROP VIEW sessions",
    "ALTER TABLE base.sessions ADD COLUMN x INT",
    "CALL pragma_version()",
    "CHECKPOINT",
    "VACUUM",
    "BEGIN",
    "PREPARE p AS SELECT 1",
    "EXPORT DATABASE 'x'",
    "SELECT 1; DROP VIEW sessions",
)
ESCAPES = (
    "IMPORT DATABASE '/etc'",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_json('/etc/passwd')",
    "SELECT * FROM sniff_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_text('{spool}/../config.toml')",
    "SELECT * FROM read_text('{spool}/../../../../../../etc/passwd')",
    "SELECT getenv('HOME')",
    "SELECT * FROM query('COPY (SELECT 1) TO ''{spool}/evil.json''')",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM '{spool}/../config.csv'",
    "SELECT * FROM '/etc/hosts.csv'",
    "SELECT * FROM read_blob('{spool}/../db/live.duckdb')",
    "SELECT * FROM glob('{spool}/../*')",
    "SELECT * FROM parquet_metadata('/etc/passwd')",
    "SELECT * FROM query_table('/etc/passwd')",
    "SELECT * FROM which_secret('s3://x', 's3')",
    "SELECT * FROM read_parquet('https://example.invalid/x.parquet')",
)


def test_statements_that_read_are_answered(home: Home) -> None:
    for query in READS:
        ask(home, query)


@pytest.mark.parametrize("query", WRITES)
def test_a_statement_that_does_more_is_refused_in_one_line(query: str, home: Home) -> None:
    with pytest.raises(RefusedError) as error:
        ask(home, query.replace("{spool}", str(home.spool).replace("'", "''")))
    assert "\n" not in str(error.value)
    assert list(home.spool.glob("**/evil.json")) == []


@pytest.mark.parametrize("query", ESCAPES)
def test_a_select_that_reaches_outside_fails_in_one_line(query: str, home: Home) -> None:
    ask(home, "SELECT 1")
    home.config.write_text("secret")
    with pytest.raises(GuardrailError) as error:
        ask(home, query.replace("{spool}", str(home.spool).replace("'", "''")))
    assert "\n" not in str(error.value)
    assert "root:" not in str(error.value)


def test_a_named_file_may_be_read_and_its_neighbour_not(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.csv").write_text("a,b\n1,2\n")
    (tmp_path / "other.csv").write_text("a,b\n3,4\n")
    monkeypatch.chdir(tmp_path)
    assert ask(home, "FROM 'mine.csv'", files=[Path("mine.csv")]).rows == [(1, 2)]
    assert ask(home, f"FROM '{tmp_path}/mine.csv'", files=[Path("mine.csv")]).rows == [(1, 2)]
    with pytest.raises(GuardrailError):
        ask(home, "FROM 'other.csv'", files=[Path("mine.csv")])
    with pytest.raises(ConfigError, match="no such file"):
        ask(home, "SELECT 1", files=[Path("missing.csv")])


def test_an_empty_query_is_a_usage_error(home: Home) -> None:
    with pytest.raises(ConfigError, match="empty"):
        ask(home, " -- nothing\n")


def test_several_statements_are_a_usage_error(home: Home) -> None:
    with pytest.raises(ConfigError, match="2 statements: give one"):
        ask(home, "SELECT 1; SELECT 2")


def test_a_file_that_was_not_named_is_told_how_to_be(home: Home) -> None:
    with pytest.raises(GuardrailError, match="given with --with"):
        ask(home, "FROM 'notes.csv'")


@pytest.mark.parametrize("kind", ["csv", "parquet", "json"])
@pytest.mark.parametrize("name", ["plain", 'o\'b "q" [x]* ü'])
def test_files_of_every_kind_may_be_read_whatever_their_names(kind: str, name: str, home: Home, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.{kind}"
    quoted = str(path).replace("'", "''")
    duckdb.sql(f"COPY (SELECT 7 AS seven) TO '{quoted}' (FORMAT {kind})")
    assert ask(home, f"SELECT seven FROM '{quoted}'", files=[path]).rows == [(7,)]


def test_now_is_utc_as_the_times_of_sessions_are(home: Home, log_one: LogOne, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    log_one()
    query = "SELECT count(*), any_value(today() = day) FROM sessions WHERE abs(epoch(started_at) - epoch(now())) < 3000"
    try:
        assert ask(home, f"{query} AND started_at > now() - INTERVAL 1 HOUR").rows == [(1, True)]
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("view", [view.name for view in views()])
def test_every_view_answers_and_has_a_comment(view: str, home: Home, log_one: LogOne) -> None:
    log_one((Event("command", "rm -rf /"),), failures=1)
    ask(home, f"FROM {view}")
    comment = ask(home, "SELECT comment FROM duckdb_views() WHERE view_name = ? AND NOT internal", [view]).rows
    assert [len(str(text)) > 20 for (text,) in comment] == [True]


def test_live_tells_what_runs_and_what_is_being_finished(home: Home) -> None:
    for name, end in (("a", None), ("b", '{"ended_at": 1790000001.5}')):
        folder = home.sessions / name
        folder.mkdir(parents=True)
        (folder / "start.json").write_text(
            f'{{"session_id": "{name}", "cli": "claude", "pid": 7, "started_at": 1790000000.5}}'
        )
        if end:
            (folder / "end.json").write_text(end)
    broken = (b"{", b"\xff\xfe", b"[]", b'{"session_id": "huge", "pid": 7e99, "started_at": 1e300}')
    for number, text in enumerate(broken):
        (home.sessions / f"broken-{number}").mkdir()
        (home.sessions / f"broken-{number}/start.json").write_bytes(text)
    assert ask(home, "SELECT session_id, started_at FROM live WHERE pid IS NULL").rows == [("huge", None)]
    rows = ask(home, "SELECT session_id, state, CAST(started_at AS VARCHAR) FROM live WHERE pid = 7 ORDER BY 1").rows
    assert rows == [("a", "running", "2026-09-21 14:13:20.5"), ("b", "finishing", "2026-09-21 14:13:20.5")]


def test_top_failures_and_lies_name_the_failure(home: Home, log_one: LogOne) -> None:
    log_one(failures=2, started=time.time())
    assert ask(home, "SELECT failure_mode, n, sessions FROM top_failures").rows == [("honesty/x", 2, 1)]
    assert ask(home, "SELECT count(*) FROM lies WHERE prompt = 'do it'").rows == [(2,)]


def test_lies_tell_when_the_session_began_and_whether_it_counts(home: Home, log_one: LogOne) -> None:
    log_one(failures=1)
    assert ask(home, "SELECT status FROM lies WHERE started_at > now() - INTERVAL 1 HOUR").rows == [("counted",)]


def test_a_session_that_left_the_same_commit_is_no_commit(home: Home, log_one: LogOne) -> None:
    for before, after in (("a", "a"), ("a", "b"), (None, "c"), (None, None), ("a", None)):
        log_one(meta={"repo": "/project", "head_before": before, "head_after": after})
    assert ask(home, "SELECT head_before, head_after FROM commits ORDER BY head_after").rows == [
        ("a", "b"),
        (None, "c"),
    ]


def test_risky_commands_say_which_never_ran(home: Home, log_one: LogOne) -> None:
    found = Finding("commands/recursive-delete", "violation", "critical", "deletes a lot", event_seq=2)
    log_one((Event("command", "ls"), Event("command", "rm -rf ~", denied=True)), violations=(found,))
    assert ask(home, "SELECT command, risk, denied FROM risky_commands").rows == [("rm -rf ~", "critical", True)]


def test_a_transcript_is_unguarded_until_a_session_of_ours_explains_it(home: Home, log_one: LogOne) -> None:
    ask(home, "SELECT 1")
    with duckdb.connect(str(home.db / "live.duckdb")) as con:
        for tool, native_id in (("claude", "seen"), ("codex", "seen"), ("claude", None)):
            con.execute("INSERT INTO base.unguarded (tool, native_id) VALUES (?, ?)", [tool, native_id])
        con.execute("UPDATE base.state SET root = 'elsewhere'")
    log_one(native_id="seen")
    ensure_published(home)
    assert ask(home, "SELECT tool, native_id FROM unguarded ORDER BY tool").rows == [
        ("claude", None),
        ("codex", "seen"),
    ]


@pytest.mark.parametrize(("zone", "day"), [("Asia/Tokyo", "2026-09-22"), ("America/New_York", "2026-09-21")])
def test_days_are_those_of_the_clock_on_the_wall(
    zone: str, day: str, home: Home, log_one: LogOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_one(started=1_790_030_400.0)  # 2026-09-21 22:40 UTC
    monkeypatch.setenv("TZ", zone)
    monkeypatch.setenv("GUARDRAIL_HOME", str(home.root))
    words = [sys.executable, "-m", "guardrail_proxy", "sql", "SELECT local_day, sessions FROM days", "--format", "csv"]
    assert subprocess.run(words, capture_output=True, text=True).stdout.splitlines()[1:] == [f"{day},1"]
