"""What log leaves on disk."""

import dataclasses
import gzip
import hashlib
import json
import stat
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.home import Home
from guardrail_proxy.log import log
from guardrail_proxy.log.clean import MOST_BYTES, bounded, cleaned
from guardrail_proxy.session import Event, FileChange, Finding, Session, Stage

KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"
Make = Callable[..., Session]


def logged(home: Home, session: Session) -> dict[str, object]:
    record: dict[str, object] = json.loads(log(home, session).read_text())
    return record


def test_a_session_becomes_one_record_in_the_current_bucket(home: Home, make_session: Make) -> None:
    session = make_session((Event("prompt", "do it"),))
    path = log(home, session)
    record = json.loads(path.read_text())
    assert path == home.spool / "00000001" / f"{session.capture.session_id}.json"
    assert (record["tool"], record["prompt"], record["success"], record["duration_ms"], record["started_at"]) == (
        "claude", "do it", True, 1250, "2026-09-21 14:13:20.250000",
    )  # fmt: skip


def test_logging_twice_gives_one_record_also_after_the_bucket_was_closed(home: Home, make_session: Make) -> None:
    session = make_session()
    first = log(home, session)
    (home.spool / "current").write_text("00000007")
    assert log(home, session) == first
    assert len(list(home.spool.glob("*/*.json"))) == 1


def test_every_file_and_folder_is_for_its_owner_alone(home: Home, make_session: Make) -> None:
    log(home, make_session(shown="hello"))
    below = [path for path in home.root.rglob("*") if path != home.root]
    assert [path for path in below if stat.S_IMODE(path.lstat().st_mode) & 0o077] == []


def test_nothing_temporary_is_left(home: Home, make_session: Make) -> None:
    session = make_session(shown="hello")
    log(home, session)
    assert list(home.root.rglob("*.tmp")) == []
    assert session.capture.recording is not None
    assert not session.capture.recording.exists()


def test_no_secret_is_stored_wherever_it_was(home: Home, make_session: Make) -> None:
    everywhere = tuple(Event(kind, f"see {KEY} there") for kind in ("prompt", "message", "command", "code block"))
    call = Event("tool call", json.dumps({"key": KEY, KEY: [KEY]}), name="Send")
    findings = (Finding("secrets/aws-access-key", "violation", "critical", "a key", quote=KEY, event_seq=0),)
    session = make_session((*everywhere, call), findings, meta={"branch": KEY, "surprise": {"deep": KEY}})
    assert KEY not in log(home, session).read_text()


def test_a_command_has_its_worst_risk_and_the_exit_code_of_its_result(home: Home, make_session: Make) -> None:
    events = (
        Event("command", "rm -rf /", call_id="1", name="Bash", at=10.0),
        Event("tool result", "no", call_id="1", exit_code=3, at=10.5),
        Event("command", "ls", name="Bash"),
    )
    findings = (
        Finding("commands/a", "violation", "low", "m", event_seq=0),
        Finding("commands/b", "violation", "critical", "m", event_seq=0),
        Finding("commands/c", "violation", "info", "m", event_seq=2),
        Finding("honesty/x", "failure", "critical", "m", event_seq=2),
    )
    record = logged(home, make_session(events, findings))
    commands, calls = record["commands"], record["tool_calls"]
    assert isinstance(commands, list)
    assert isinstance(calls, list)
    assert [(c["command"], c["risk"], c["exit_code"], c["event_seq"]) for c in commands] == [
        ("rm -rf /", "critical", 3, 0),
        ("ls", "none", None, 2),
    ]
    assert [(c["name"], c["ok"], c["duration_ms"]) for c in calls] == [("Bash", False, 500.0), ("Bash", None, None)]
    assert (record["n_violations"], record["n_failures"], record["n_critical"]) == (3, 1, 2)


def test_several_events_of_one_call_are_one_tool_call(home: Home, make_session: Make) -> None:
    events = tuple(Event("file write", "x", path=p, call_id="patch", name="apply_patch") for p in ("a", "b"))
    assert len(logged(home, make_session(events))["tool_calls"]) == 1  # type: ignore[arg-type] # a list


def test_every_child_table_gets_its_rows(home: Home, make_session: Make) -> None:
    events = (
        Event("prompt", "p"),
        Event("code block", "x = 1\n", language="python"),
        Event("message", "m", agent_path="sub", at=1.0),
    )
    session = dataclasses.replace(
        make_session(events, meta={"agent": "reviewer"}),
        stages=(Stage("parse", 1.0, 2.5),),
        file_changes=(FileChange("a.py", "added", 3),),
    )
    record = logged(home, session)
    counts = {name: len(rows) for name, rows in record.items() if isinstance(rows, list)}
    assert {k: counts[k] for k in ("stages", "code_blocks", "events", "file_changes", "agent_activity")} == {
        "stages": 1, "code_blocks": 1, "events": 3, "file_changes": 1, "agent_activity": 2,
    }  # fmt: skip


def test_the_recording_is_published_with_its_size_hash_and_head(home: Home, make_session: Make) -> None:
    record = logged(home, make_session(shown="\x1b[31mred\x1b[0m \x1b]52;c;eA==\x07\r\nnext"))
    data = (home.root / str(record["output_ref"])).read_bytes()
    assert (record["output_bytes"], record["output_sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert record["output_head"] == "red \nnext"


def test_a_whole_recording_is_named_again_not_copied(home: Home, make_session: Make) -> None:
    session = make_session(shown="hi")
    assert session.capture.recording
    before = session.capture.recording.stat().st_ino
    record = logged(home, session)
    assert (home.root / str(record["output_ref"])).stat().st_ino == before


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_recording_cut_off_by_a_kill_is_kept_as_a_whole_stream(cut: int, home: Home, make_session: Make) -> None:
    stream = zlib.compressobj(1, zlib.DEFLATED, 31)
    data = stream.compress(b'{"version": 2}\n[0.1, "o", "first"]\n') + stream.flush(zlib.Z_SYNC_FLUSH)
    torn = data + stream.compress(b'[0.2, "o", "second"]\n') + stream.flush(zlib.Z_SYNC_FLUSH)[:-cut]
    restarted = gzip.compress(b'[0.3, "o", "third"]\n')
    record = logged(home, make_session(shown=torn + restarted))
    text = gzip.decompress((home.root / str(record["output_ref"])).read_bytes()).decode()
    assert "first" in text
    assert "third" in text
    assert text.endswith("\n")


def test_a_text_is_cut_after_redaction_and_says_so(home: Home, make_session: Make) -> None:
    event = Event("tool result", "x" * (MOST_BYTES - 10) + " " + KEY)
    events = logged(home, make_session((event,)))["events"]
    assert isinstance(events, list)
    assert "AKIA" not in events[0]["text"]
    assert "[guardrail-proxy: cut here, " in events[0]["text"]


def test_what_neither_json_nor_duckdb_can_hold_is_replaced(home: Home, make_session: Make) -> None:
    session = make_session((Event("message", "a\0b\ud800c"),), meta={"x": float("nan"), "y": {"z": b"bytes"}})
    events = logged(home, session)["events"]
    assert isinstance(events, list)
    assert events[0]["text"] == "a\ufffdb?c"


def test_deeply_nested_arguments_do_not_lose_the_session(home: Home, make_session: Make) -> None:
    logged(home, make_session((Event("tool call", "[" * 900 + "]" * 900, name="Nest"),)))


@given(st.recursive(st.none() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)))
def test_any_value_can_be_written_as_json(value: object) -> None:
    json.dumps(bounded(cleaned(value)), allow_nan=False).encode()


def test_an_id_that_is_no_uuid_is_refused(home: Home, make_session: Make, tmp_path: Path) -> None:
    session = make_session()
    evil = dataclasses.replace(session, capture=dataclasses.replace(session.capture, session_id="../../evil"))
    with pytest.raises(ValueError, match="UUID"):
        log(home, evil)
