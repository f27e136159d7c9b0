"""sessions, show, explain, sql, replay and store, as a person types them."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail_proxy.commands._group import command_files
from guardrail_proxy.home import Home

Run = Callable[..., subprocess.CompletedProcess[str]]
LogHostile = Callable[..., str]
FORBIDDEN = ("\x1b", "\x9b", "\x07", "\u202e", "\u202c", "\u2066", "\u2069", "\r")
READERS = (
    ("sessions",),
    ("sessions", "--json"),
    ("show", "last"),
    ("show", "last", "--json"),
    ("explain", "last"),
    ("sql", "SELECT prompt, output_head, argv, coverage FROM sessions"),
    ("sql", "SELECT text FROM events", "--format", "csv"),
    ("sql", "SELECT text FROM events", "--format", "json"),
    ("sql", "SELECT command FROM commands"),
    ("search", "alert"),
)
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_no_command_lets_a_session_speak_to_the_terminal(
    words: tuple[str, ...], run: Run, log_hostile: LogHostile
) -> None:
    log_hostile()
    done = run(*words)
    assert (done.returncode, done.stderr) == (0, "")
    assert [c for c in FORBIDDEN if c in done.stdout] == []
    assert [line for line in done.stdout.splitlines() if line.startswith("guardrail-proxy: approved")] == [] or (
        "csv" in words  # a CSV cell may hold lines of its own
    )


def test_sessions_are_listed_filtered_and_limited(run: Run, log_hostile: LogHostile) -> None:
    first, second = log_hostile("claude"), log_hostile("codex")
    by_cli = json.loads(run("sessions", "--cli", "codex", "--json", "--since", "1h", "--failed").stdout)
    assert [row["session_id"] for row in by_cli] == [second]
    assert len(json.loads(run("sessions", "--limit", "1", "--json").stdout)) == 1
    listed = run("sessions").stdout
    assert first in listed
    assert second in listed
    assert run("sessions", "--since", "soon").returncode == 2


@pytest.mark.parametrize(
    ("words", "n"),
    [
        (("--mode", "standard", "--decision", "blocked", "--outcome", "completed"), 1),
        (("--mode", "strict"), 0),
        (("--agent", "reviewer"), 0),
        (("--repo", "project"), 0),
    ],
)
def test_every_filter_narrows_the_list(words: tuple[str, ...], n: int, run: Run, log_hostile: LogHostile) -> None:
    log_hostile()
    assert len(json.loads(run("sessions", *words, "--json").stdout)) == n


def test_a_session_is_found_by_the_beginning_of_its_id(run: Run, log_hostile: LogHostile) -> None:
    one = log_hostile()
    shown = json.loads(run("show", one[:9], "--json").stdout)
    assert (shown["session_id"], shown["violations"][0]["rule_id"], len(shown["events"])) == (one, "commands/rm", 3)


@pytest.mark.parametrize("words", [("show", "abc"), ("explain", "xyz"), ("replay", "'; --"), ("explain", "no/rule")])
def test_an_unknown_id_is_one_line_and_status_1(words: tuple[str, ...], run: Run, log_hostile: LogHostile) -> None:
    log_hostile()
    done = run(*words)
    if words[1] == "abc" and done.returncode == 0:
        pytest.skip("the random id begins with abc")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


def test_without_any_session_each_command_says_so(run: Run) -> None:
    assert run("sessions").stdout == "no sessions\n"
    assert run("show").returncode == 1
    assert run("sql", "SELECT count(*) AS n FROM sessions", "--format", "csv").stdout == "n\n0\n"


def test_explain_names_finding_evidence_and_what_to_do(run: Run, log_hostile: LogHostile) -> None:
    log_hostile()
    said = run("explain").stdout
    expected = ("not approved", "commands/rm", "event 1", "what to do:", "native")
    assert [word for word in expected if word not in said] == []


def test_explain_of_a_rule_is_its_own_documentation(run: Run) -> None:
    done = run("explain", "secrets/aws-access-key")
    assert done.returncode == 0
    assert "AWS" in done.stdout


def test_a_refused_statement_is_status_78_and_a_failed_one_1(run: Run) -> None:
    for query, status in (("COPY sessions TO 'x'", 78), ("SELECT * FROM read_text('/etc/passwd')", 1), ("selec", 1)):
        done = run("sql", query)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (status, "", 1), done.stderr


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_ctrl_c_ends_a_long_query_quietly(form: str) -> None:
    query = "SELECT count(*) FROM range(100000000000) a, range(1000) b WHERE a.range % 7 = b.range % 5"
    words = [sys.executable, "-m", "guardrail_proxy", "sql", query, "--format", form]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    database = Path(os.environ["GUARDRAIL_HOME"]) / "sessions.duckdb"
    stop = time.monotonic() + 20
    while not database.exists() and time.monotonic() < stop:
        os.sched_yield()
    process.send_signal(signal.SIGINT)
    said = "".join(process.communicate(timeout=30))
    assert (said.strip(), process.returncode) == ("", 130)


def test_a_replay_is_tamed_unless_raw(run: Run, log_hostile: LogHostile) -> None:
    log_hostile()
    tame, raw = run("replay", "--speed", "1000").stdout, run("replay", "--raw", "--speed", "1000").stdout
    assert [s for s in ("\x1b]52", "\x1b[6n", "\x1b]0;", "\x9b") if s in tame] == []
    assert "alert(1)" in tame
    assert "\x1b]52" in raw


def test_an_exported_recording_is_a_plain_asciicast(run: Run, log_hostile: LogHostile, tmp_path: Path) -> None:
    one = log_hostile()
    target = tmp_path / "x.cast"
    assert run("replay", one, "--export", str(target)).returncode == 0
    assert json.loads(target.read_text().splitlines()[0])["version"] == 2
    assert gzip.decompress(Path(run("replay", "--path").stdout.strip()).read_bytes()) == target.read_bytes()
    assert run("replay", one, "--export", str(target)).returncode == 2


def test_a_session_without_recording_cannot_be_replayed(run: Run, log_hostile: LogHostile) -> None:
    log_hostile(is_recorded=False)
    assert run("replay").returncode == 1


def test_the_store_is_checked_and_counted(run: Run, log_hostile: LogHostile, home: Home) -> None:
    log_hostile()
    assert run("store", "path").stdout == f"{home.database}\n"
    assert run("store", "check").stdout == "sound\n"
    assert "sessions" in run("store", "stats").stdout
    next(home.outputs.glob("2*/*.gz")).unlink()
    assert run("store", "check").returncode == 1


def test_a_reader_that_leaves_early_makes_no_noise(log_hostile: LogHostile) -> None:
    log_hostile()
    words = [sys.executable, "-m", "guardrail_proxy", "sql", "FROM range(100000)", "--format", "csv"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(30)


@pytest.mark.parametrize("name", list(command_files()))
def test_every_command_has_help(name: str, run: Run) -> None:
    assert run(name, "--help").returncode == 0


def test_help_lists_every_command_and_imports_none_of_them(run: Run) -> None:
    assert [name for name in command_files() if f"  {name} " not in run("--help").stdout] == []
    program = "import sys; from guardrail_proxy.commands._group import run; run(['--help']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1]
    assert [name for name in ("duckdb", "pydantic", "guardrail_proxy.commands.sql") if f"'{name}'" in loaded] == []


def test_the_version_needs_no_click() -> None:
    program = "import sys; from guardrail_proxy.commands import main; main(); print('click' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1:] == ["False"]
