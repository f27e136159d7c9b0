"""sql: where a query comes from, what its parameters mean, where its answer goes."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
SHELL = '#!/bin/sh\nif [ "$1" = --version ]; then echo "v{version} (Name) 0123"; else printf "%s\\n" "$@"; fi\n'
pytestmark = pytest.mark.slow


def fake_shell(folder: Path, version: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "duckdb").write_text(SHELL.format(version=version))
    (folder / "duckdb").chmod(0o755)


def test_a_query_may_stand_in_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text("-- how many\nSELECT count(*) AS n\nFROM sessions;\n")
    assert run("sql", "--file", str(tmp_path / "q.sql"), "--format", "csv").stdout == "n\n0\n"


@pytest.mark.parametrize(
    "words", [(), ("SELECT 1", "--file", "q.sql"), ("--file", "missing.sql"), ("--shell", "FROM x")]
)
def test_not_exactly_one_query_is_wrong_usage(words: tuple[str, ...], run: Run) -> None:
    done = run("sql", *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_a_named_parameter_is_a_value_and_never_sql(run: Run) -> None:
    hostile = "' OR true; DROP TABLE x --=é"
    done = run("sql", "SELECT $a AS a, 7 = $n AS same", "--param", f"a={hostile}", "--param", "n=7", "--format", "json")
    assert json.loads(done.stdout) == [{"a": hostile, "same": True}]


@pytest.mark.parametrize(("words", "status"), [(("--param", "novalue"), 2), (("--param", "1x=2"), 2), ((), 1)])
def test_a_parameter_that_is_odd_or_missing_is_one_line(words: tuple[str, ...], status: int, run: Run) -> None:
    done = run("sql", "SELECT $a", *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (status, "", 1)


def test_parquet_goes_to_a_new_file_for_its_owner_alone(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "a 'b' [x]*.parquet"
    query = "SELECT 7 AS seven, $t AS text -- all"
    words = ("sql", query, "--param", "t=x", "--format", "parquet", "--out", str(target))
    assert (run(*words).returncode, target.stat().st_mode & 0o777) == (0, 0o600)
    assert duckdb.execute("FROM read_parquet(?)", [glob_escaped(target)]).fetchall() == [(7, "x")]
    assert (run(*words).returncode, sorted(path.name for path in tmp_path.iterdir())) == (2, [target.name])


def glob_escaped(path: Path) -> str:
    return "".join(f"[{c}]" if c in "*[" else c for c in str(path))


def test_parquet_goes_through_a_pipe_and_never_to_a_terminal(run: Run) -> None:
    words = [sys.executable, "-m", "guardrail_proxy", "sql", "SHOW TABLES", "--format", "parquet"]
    assert subprocess.run(words, capture_output=True).stdout[:4] == b"PAR1"
    master, terminal = pty.openpty()
    done = subprocess.run(words, stdout=terminal, stderr=subprocess.PIPE)
    os.close(terminal)
    os.close(master)
    assert (done.returncode, b"--out" in done.stderr) == (2, True)


def test_a_statement_that_writes_is_refused_in_parquet_too(run: Run, tmp_path: Path) -> None:
    words = ("--format", "parquet", "--out", str(tmp_path / "x"))
    assert run("sql", f"COPY (SELECT 1) TO '{tmp_path}/y'", *words).returncode == 78
    assert run("sql", "SELECT * FROM read_text('/etc/passwd')", *words).returncode == 1
    assert list(tmp_path.iterdir()) == []


def test_a_text_answer_may_go_to_a_file(run: Run, tmp_path: Path) -> None:
    assert run("sql", "SELECT 'é' AS a", "--format", "csv", "--out", str(tmp_path / "x.csv")).stdout == ""
    assert (tmp_path / "x.csv").read_text("utf-8") == "a\né\n"


def test_the_shell_is_duckdbs_own_over_the_published_file_read_only(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_shell(tmp_path / "bin", "1.5.6")
    monkeypatch.setenv("PATH", f"{tmp_path}/bin", prepend=":")
    words = run("sql", "--shell").stdout.splitlines()
    database = Path(os.environ["GUARDRAIL_HOME"]) / "sessions.duckdb"
    assert (words, database.exists()) == (["-readonly", "-cmd", "SET TimeZone = 'UTC'", str(database)], True)


@pytest.mark.parametrize("version", ["1.4.4", "", None])
def test_without_a_shell_that_can_read_the_store_it_says_what_to_install(
    version: str | None, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}/bin")
    (tmp_path / "bin").mkdir()
    if version is not None:
        fake_shell(tmp_path / "bin", version)
    done = run("sql", "--shell")
    assert (done.returncode, "duckdb-cli" in done.stderr, done.stderr.count("\n")) == (1, True, 1)
