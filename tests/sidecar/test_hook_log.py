"""hooks.jsonl: one line a call, without secrets, and of an excluded folder only its skeleton."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.sidecar.gate import Answer
from guardrail_proxy.sidecar.hook_log import append

KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"
TOKEN = "abcD1234" + "efGh5678ijKl"


def answer(**payload: object) -> Answer:
    return Answer(event="PreToolUse", decision="deny", rules=("a/b",), reason="why", payload=payload)


def test_a_call_is_one_line_that_only_its_owner_can_read(tmp_path: Path) -> None:
    path = tmp_path / "hooks.jsonl"
    append(path, answer(tool_input={"command": "a\nb\u2028c"}), 1.5, is_excluded=False)
    append(path, answer(), 2.5, is_excluded=False)
    first, second = map(json.loads, path.read_bytes().splitlines())
    assert first == {
        "at": 1.5, "event": "PreToolUse", "payload": {"tool_input": {"command": "a\nb\u2028c"}}, "decision": "deny",
        "rules": ["a/b"], "reason": "why",
    }  # fmt: skip
    assert (second["at"], path.stat().st_mode & 0o777) == (2.5, 0o600)


def test_a_secret_in_a_value_a_key_or_by_its_name_is_not_written(tmp_path: Path) -> None:
    payload = {"tool_input": {"command": f"echo {KEY}"}, f"k {KEY}": [KEY], "nested": [{"api_key": TOKEN}]}
    append(tmp_path / "h", answer(**payload), 0, is_excluded=False)
    written = (tmp_path / "h").read_text()
    assert (KEY in written, TOKEN in written, written.count("[redacted:")) == (False, False, 4)


def test_of_an_excluded_folder_no_content_is_written(tmp_path: Path) -> None:
    append(tmp_path / "h", answer(tool_name="Bash", tool_input={"command": "swordfish"}), 0, is_excluded=True)
    assert json.loads((tmp_path / "h").read_text())["payload"] == {"tool_name": "Bash"}


@given(st.text())
def test_any_text_is_one_line_that_reads_back(tmp_path_factory: object, text: str) -> None:
    path = Path(tmp_path_factory.mktemp("h")) / "h"  # type: ignore[attr-defined] # pytest's own
    append(path, answer(text=text), 0, is_excluded=False)
    assert [*json.loads(path.read_bytes())["payload"]] == ["text"]
