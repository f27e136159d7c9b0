"""A session is finished once: judged, logged, its folder removed; what nobody could look at is never approved."""

import errno
import fcntl
import json
import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from guardrail_proxy import pipeline
from guardrail_proxy.finish import UNTOLD, finish, finish_and_tell
from guardrail_proxy.home import Home
from guardrail_proxy.json_file import read_json
from guardrail_proxy.session import Session
from guardrail_proxy.sidecar.start import EXCLUDED

ID = "019ab000-0000-7000-8000-0000000000aa"
KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"
END = {"exit_code": 0, "signal": None, "ended_at": 1_790_000_002.0, "gap_bytes": 0}


class Ended:
    """A session's folder as relay and sidecar leave it."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root / "home")
        self.folder = self.home.sessions / ID
        self.folder.mkdir(parents=True)
        start = {"session_id": ID, "cli": "claude", "mode": "standard", "started_at": 1_790_000_000.0, "kind": "pty"}
        self.write("start.json", {**start, "bypassed": False, "parent_id": None})
        self.write("end.json", END)
        self.write("meta.json", {"cwd": str(root), "home": str(root), "argv": ["-p", "swordfish"], "hashes": {}})
        self.call("echo swordfish")

    def write(self, name: str, value: object) -> None:
        (self.folder / name).write_text(json.dumps(value))

    def change(self, name: str, **facts: object) -> None:
        self.write(name, {**read_json(self.folder / name), **facts})

    def call(self, command: str) -> None:
        payload = {"tool_name": "Bash", "tool_input": {"command": command}, "tool_use_id": "t1"}
        self.write(
            "hooks.jsonl", {"at": 1_790_000_001.0, "event": "PreToolUse", "decision": "allow", "payload": payload}
        )

    def finished(self) -> Session:
        session = finish(self.folder)
        assert session is not None
        return session

    def record(self) -> dict[str, object]:
        (path,) = self.home.spool.glob(f"*/{ID}.json")
        found: dict[str, object] = json.loads(path.read_bytes())
        return found

    def run(self) -> int:
        """As the ingester starts it."""
        return subprocess.run(
            [sys.executable, "-I", "-m", "guardrail_proxy.finish", self.folder], timeout=60
        ).returncode


@pytest.fixture
def ended(tmp_path: Path) -> Ended:
    return Ended(tmp_path)


def test_a_session_is_judged_logged_and_its_folder_removed(ended: Ended) -> None:
    ended.finished()
    record = ended.record()
    facts = ("decision", "evidence", "outcome", "exit_code", "argv", "duration_ms")
    assert [record[name] for name in facts] == ["approved", "hooks", "completed", 0, ["-p", "swordfish"], 2000]
    assert not ended.folder.exists()


def test_a_folder_without_a_start_record_has_nothing_to_finish(ended: Ended) -> None:
    (ended.folder / "start.json").unlink()
    assert (finish(ended.folder), ended.folder.exists()) == (None, True)


@pytest.mark.parametrize("mode", ["standard", "strict"])
@pytest.mark.parametrize("end", ["", "{", "[]"])
def test_without_an_end_record_the_session_was_aborted_and_never_approved(ended: Ended, mode: str, end: str) -> None:
    ended.change("start.json", mode=mode)
    (ended.folder / "end.json").write_text(end)
    verdict = ended.finished().verdict
    assert (verdict.approved, ended.record()["decision"], ended.record()["outcome"]) == (
        False,
        "aborted",
        "interrupted",
    )


def test_a_full_disk_is_no_try_and_keeps_the_session(ended: Ended, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("guardrail_proxy.finish.log", full)
    with pytest.raises(OSError, match="No space left"):
        finish(ended.folder)
    assert (ended.folder / "tries").read_bytes() == b""
    monkeypatch.undo()
    session = finish(ended.folder)
    assert (session is not None, ended.folder.exists()) == (True, False)


@pytest.mark.parametrize(("tries", "decision"), [(0, "approved"), (2, "approved"), (3, "unjudged"), (9, "unjudged")])
def test_after_three_tries_nobody_judges(ended: Ended, tries: int, decision: str) -> None:
    (ended.folder / "tries").write_text("." * tries)
    session = ended.finished()
    assert (session.verdict.decision, session.verdict.approved) == (decision, decision == "approved")
    assert ended.record()["decision"] == decision


def test_what_was_not_judged_says_why_and_how_it_ended(ended: Ended) -> None:
    (ended.folder / "tries").write_text("...")
    ended.change("end.json", exit_code=None, signal=9)
    ended.finished()
    record = ended.record()
    assert (record["coverage"], record["outcome"]) == ({"unjudged": "the finisher failed 3 times"}, "crashed")


def test_an_aborted_session_that_was_not_judged_is_aborted(ended: Ended) -> None:
    (ended.folder / "tries").write_text("...")
    (ended.folder / "end.json").unlink()
    ended.finished()
    assert (ended.record()["decision"], ended.record()["outcome"]) == ("aborted", "interrupted")


def test_a_try_is_counted_before_anything_can_fail(ended: Ended, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guardrail_proxy.finish.after_now", broken)
    with pytest.raises(RuntimeError):
        finish(ended.folder)
    assert (ended.folder / "tries").read_bytes() == b"."


def broken(*words: object) -> NoReturn:
    raise RuntimeError(f"at swordfish {KEY}", *words)


def test_a_bypassed_session_is_recorded_and_not_judged(ended: Ended) -> None:
    ended.change("start.json", bypassed=True, kind="bypass")
    (ended.folder / "end.json").unlink()
    assert ended.finished().verdict.decision == "unjudged"
    assert (ended.record()["bypassed"], ended.record()["events"]) == (True, [])


def test_of_an_excluded_folder_only_the_verdict_is_kept(ended: Ended) -> None:
    ended.change("meta.json", excluded=True, argv=[])
    ended.call("rm -rf / swordfish")
    ended.finished()
    record = ended.record()
    assert "swordfish" not in json.dumps(record)
    assert [v["rule_id"] for v in rows(record, "violations")] == ["commands/recursive-delete"]
    assert [record[table] for table in ("events", "commands", "tool_calls", "file_changes")] == [[], [], [], []]


@pytest.mark.parametrize("excluded", [False, True])
def test_the_error_of_a_stage_holds_no_secret_and_of_an_excluded_folder_no_word(
    ended: Ended, monkeypatch: pytest.MonkeyPatch, excluded: bool
) -> None:
    monkeypatch.setattr(pipeline, "detect", broken)
    ended.change("meta.json", excluded=excluded, argv=[])
    ended.call("ls")
    ended.finished()
    text = json.dumps(ended.record())
    assert ("RuntimeError" in text, KEY in text, "swordfish" in text) == (True, False, not excluded)


def rows(record: dict[str, object], table: str) -> list[dict[str, object]]:
    found = record[table]
    assert isinstance(found, list)
    return found


def test_what_was_left_out_or_lost_is_in_the_coverage(ended: Ended) -> None:
    ended.change("meta.json", dropped="settings")
    finish(ended.folder, "the recording ends early: No space left on device")
    coverage = ended.record()["coverage"]
    assert isinstance(coverage, dict)
    assert (coverage["not_injected"], coverage["recording_error"][:24]) == ("settings", "the recording ends early")


def test_a_session_that_no_sidecar_was_told_of_says_so(ended: Ended) -> None:
    (ended.folder / "meta.json").unlink()
    (ended.folder / "hooks.jsonl").unlink()
    ended.finished()
    coverage = ended.record()["coverage"]
    assert isinstance(coverage, dict)
    assert (coverage["recording_error"], ended.record()["evidence"]) == (UNTOLD, "none")


def test_of_an_excluded_session_nothing_is_kept_though_its_beginning_was_never_written(ended: Ended) -> None:
    (ended.folder / "meta.json").unlink()
    (ended.folder / EXCLUDED).touch()
    ended.finished()
    record = ended.record()
    coverage = record["coverage"]
    assert isinstance(coverage, dict)
    assert "swordfish" not in json.dumps(record)
    assert (coverage["excluded"], record["events"]) == (True, [])


@pytest.mark.parametrize(("was_left", "changes"), [(True, 1), (False, 0)])
def test_what_had_changed_is_believed_only_where_a_sidecar_left_it(ended: Ended, was_left: bool, changes: int) -> None:
    ended.write("changes.json", {"head": None, "changes": [{"path": "a", "change": "added"}]})
    finish(ended.folder, was_left=was_left)
    assert len(rows(ended.record(), "file_changes")) == changes


def test_a_session_that_is_logged_already_stays_as_it_is(ended: Ended, tmp_path: Path) -> None:
    ended.finished()
    again = Ended(tmp_path / "again")
    ended.folder.parent.mkdir(exist_ok=True)
    again.folder.rename(ended.folder)
    (ended.folder / "end.json").unlink()
    ended.finished()
    assert (ended.record()["decision"], ended.folder.exists()) == ("approved", False)


@pytest.fixture
def ingested(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whom the finisher hands on to; the replies' descriptor is not the test's own."""
    handed: list[str] = []
    monkeypatch.setattr("guardrail_proxy.finish.REPLIES", -1)
    monkeypatch.setattr("guardrail_proxy.finish.hand_on", lambda _, stale: handed.append(" ".join(stale)))
    return handed


@pytest.mark.parametrize(("stale", "handed"), [("0", [""]), ("1", ["claude"])])
def test_the_ingester_is_told_and_a_stale_plan_is_made_again(
    ended: Ended, ingested: list[str], stale: str, handed: list[str]
) -> None:
    ended.change("meta.json", stale=stale)
    finish_and_tell(ended.folder)
    assert ingested == handed


@pytest.fixture
def held(ended: Ended) -> Iterator[None]:
    with (ended.folder / "start.json").open() as record:
        fcntl.flock(record, fcntl.LOCK_EX)
        yield


@pytest.mark.slow
def test_a_session_whose_lock_is_held_is_left_alone(ended: Ended, held: None) -> None:
    before = sorted(path.name for path in ended.folder.iterdir())
    status = ended.run()
    assert (status, sorted(path.name for path in ended.folder.iterdir())) == (0, before)


@pytest.mark.slow
def test_a_dead_session_is_finished_and_one_that_is_gone_is_no_error(ended: Ended) -> None:
    assert (ended.run(), ended.record()["decision"], ended.run()) == (0, "approved", 0)


def test_the_record_says_whose_machine_and_account_it_was(ended: Ended) -> None:
    ended.finished()
    record = ended.record()
    assert (record["host"], record["user_name"]) == (os.uname().nodename, pwd.getpwuid(os.getuid()).pw_name)
