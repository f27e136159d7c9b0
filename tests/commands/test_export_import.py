"""export and import: what goes out comes back once, and nothing else gets in with it."""

import gzip
import json
import os
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from guardrail_proxy.home import Home, default_home
from guardrail_proxy.store import foreign
from guardrail_proxy.store.as_markdown import block
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.spooled import CHILD_TABLES

Run = Callable[..., subprocess.CompletedProcess[str]]
LogHostile = Callable[..., str]
SECRET = "AKIA" + "QWERTYUIOPASDF23"
pytestmark = pytest.mark.slow


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Home]:
    """Turn to another machine's empty home."""

    def turn() -> Home:
        monkeypatch.setenv("GUARDRAIL_HOME", str(tmp_path / "other home"))
        return Home(tmp_path / "other home")

    return turn


def a_record(run: Run, log_hostile: LogHostile, tmp_path: Path) -> dict[str, object]:
    log_hostile()
    assert run("export", "--out", str(tmp_path / "one.jsonl")).returncode == 0
    record = json.loads((tmp_path / "one.jsonl").read_text())
    assert isinstance(record, dict)
    return record


def rows(home: Home) -> dict[str, object]:
    left_out = "output_ref, output_bytes, output_sha256, origin"
    tables: dict[str, object] = {"sessions": ask(home, f"SELECT * EXCLUDE ({left_out}) FROM sessions").rows}
    return tables | {table: sorted(ask(home, f"FROM {table}").rows, key=str) for table in CHILD_TABLES}


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_what_was_exported_comes_back_once_and_whole(
    form: str, run: Run, log_hostile: LogHostile, tmp_path: Path, elsewhere: Callable[[], Home]
) -> None:
    log_hostile()
    before, target = rows(default_home()), str(tmp_path / "x '[1]*")
    assert run("export", "--all", "--format", form, "--out", target).stdout == "exported 1\n"
    other = elsewhere()
    said = [run("import", target).stdout for _ in range(2)]
    assert said == ["imported 1, already there 0\n", "imported 0, already there 1\n"]
    assert rows(other) == before
    assert ask(other, "SELECT origin, output_ref, native_id FROM sessions").rows == [("import", None, None)]
    assert run("store", "check").stdout == "sound\n"


def test_an_export_is_for_its_owner_alone_and_never_over_a_file(
    run: Run, log_hostile: LogHostile, tmp_path: Path
) -> None:
    log_hostile()
    target = tmp_path / "x"
    assert (run("export", "--out", str(target)).returncode, target.stat().st_mode & 0o777) == (0, 0o600)
    assert run("export", "--out", str(target)).returncode == 2
    assert run("export", "last", "--all", "--out", str(tmp_path / "y")).returncode == 2
    assert os.listdir(tmp_path).count("y") == 0


def test_recordings_go_out_as_asciicasts(run: Run, log_hostile: LogHostile, tmp_path: Path) -> None:
    first, second = log_hostile(), log_hostile()
    assert run("export", first, "--format", "asciicast", "--out", str(tmp_path / "one")).returncode == 0
    assert json.loads((tmp_path / "one").read_text().splitlines()[0])["version"] == 2
    assert run("export", "--all", "--format", "asciicast", "--out", str(tmp_path / "all")).returncode == 0
    assert {path.name for path in (tmp_path / "all").iterdir()} == {f"{first}.cast", f"{second}.cast"}
    log_hostile(is_recorded=False)
    assert run("export", "--format", "asciicast", "--out", str(tmp_path / "none")).returncode == 1


def test_markdown_holds_what_happened_and_nothing_that_acts(run: Run, log_hostile: LogHostile, tmp_path: Path) -> None:
    log_hostile()
    run("export", "--format", "markdown", "--out", str(tmp_path / "x.md"))
    page = (tmp_path / "x.md").read_text()
    assert [c for c in ("\x1b", "\x9b", "\u202e", "\r") if c in page] == []
    assert "commands/rm" in page
    outside = "".join(part for number, part in enumerate(page.split("```")) if number % 2 == 0)
    assert "<script>" not in outside


def test_no_text_ends_its_block() -> None:
    assert block("```\nfree").splitlines() == ["````text", "```", "free", "````"]


def test_an_imported_secret_is_redacted_and_counts_are_counted_again(
    run: Run, log_hostile: LogHostile, tmp_path: Path, elsewhere: Callable[[], Home]
) -> None:
    record = a_record(run, log_hostile, tmp_path)
    (tmp_path / "x").write_text(json.dumps({**record, "prompt": f"use {SECRET}", "n_violations": 99, "success": None}))
    other = elsewhere()
    assert run("import", str(tmp_path / "x")).returncode == 1
    (tmp_path / "x").write_text(json.dumps({**record, "prompt": f"use {SECRET}", "n_violations": 99, "success": False}))
    assert run("import", str(tmp_path / "x")).returncode == 0
    kept = ask(other, "SELECT prompt LIKE '%redacted%', n_violations, n_critical, success FROM sessions").rows
    assert kept == [(True, 1, 1, True)]
    assert [p for p in other.root.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()] == []


def test_nothing_of_ours_is_overwritten_and_no_path_is_taken(
    run: Run, log_hostile: LogHostile, home: Home, tmp_path: Path
) -> None:
    record = a_record(run, log_hostile, tmp_path)
    running = str(uuid.uuid4())
    (home.sessions / running).mkdir(parents=True)
    records = (
        {**record, "prompt": "forged"},
        {**record, "session_id": running},
        {**record, "session_id": "../../evil"},
        {**record, "session_id": str(uuid.uuid4()), "started_at": "soon"},
        {**record, "session_id": str(uuid.uuid4()), "day": "../x", "output_ref": "../../etc/passwd"},
    )
    (tmp_path / "x").write_text("\n".join(map(json.dumps, records)))
    done = run("import", str(tmp_path / "x"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "imported 1, already there 2\n", 1)
    assert ask(home, "SELECT count(*) FROM sessions WHERE prompt = 'forged' OR output_ref LIKE '..%'").rows == [(0,)]
    assert run("store", "check").returncode == 0


HOSTILE_FILES: dict[str, Callable[[Path], object]] = {
    "cut gzip": lambda path: path.write_bytes(gzip.compress(b"{}\n" * 1000)[:-9]),
    "no parquet": lambda path: path.write_bytes(b"PAR1" + os.urandom(5000) + b"PAR1"),
    "bomb": lambda path: duckdb.execute(
        f"COPY (SELECT repeat('x', 1000000) AS a FROM range(5000)) TO '{path}' (FORMAT parquet)"
    ),
    "deep": lambda path: path.write_bytes(b"[" * 100_000),
    "other parquet": lambda path: duckdb.execute(f"COPY (SELECT 1 AS a) TO '{path}' (FORMAT parquet)"),
}


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_a_hostile_file_is_one_line_and_status_1(name: str, run: Run, tmp_path: Path) -> None:
    HOSTILE_FILES[name](tmp_path / "x")
    done = run("import", str(tmp_path / "x"))
    assert (done.returncode, done.stderr.count("\n"), "bug" in done.stderr) == (1, 1, False), done.stderr


def test_a_line_or_a_file_without_end_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "MOST_RECORD_BYTES", 1000)
    (tmp_path / "x").write_bytes(gzip.compress(b"x" * 1_000_000))
    with pytest.raises(foreign.ForeignError, match="a line of more than 1000"):
        list(foreign.foreign_records(tmp_path / "x"))
    monkeypatch.setattr(foreign, "MOST_BYTES", 5000)
    for line in (b"xxxxxxx\n", b"\n"):
        (tmp_path / "x").write_bytes(gzip.compress(line * 1_000_000))
        with pytest.raises(foreign.ForeignError, match="more than"):
            list(foreign.foreign_records(tmp_path / "x"))


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, Path.exists])
def test_what_is_no_file_is_wrong_usage(make: Callable[[Path], object], run: Run, tmp_path: Path) -> None:
    make(tmp_path / "x")
    assert run("import", str(tmp_path / "x")).returncode == 2
