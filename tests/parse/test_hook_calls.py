"""What the CLIs tell their hooks: lines of hooks.jsonl as our gate writes them."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.parse.hook_calls import HookCalls, hook_call_events, read_hook_calls
from guardrail_proxy.session import Event

COMMON = {"session_id": "s-1", "transcript_path": "/t/s-1.jsonl", "cwd": "/w"}
PROMPT = {**COMMON, "hook_event_name": "UserPromptSubmit", "prompt": "Go."}
BASH = {**COMMON, "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "ls"}}


def line(event: str, payload: object, decision: str = "allow", at: float = 5.0) -> str:
    return json.dumps({"at": at, "event": event, "payload": payload, "decision": decision, "rules": [], "reason": ""})


def read(tmp_path: Path, *lines: str) -> HookCalls:
    (tmp_path / "hooks.jsonl").write_text("\n".join(lines))
    return read_hook_calls(tmp_path / "hooks.jsonl", "claude")


@pytest.mark.parametrize(
    ("event", "payload", "expected"),
    [
        ("UserPromptSubmit", PROMPT, (Event("prompt", "Go.", source="hooks"),)),
        ("BeforeAgent", {"prompt": "Go."}, (Event("prompt", "Go.", source="hooks"),)),
        ("PreToolUse", {**BASH, "tool_use_id": "c"}, (Event("command", "ls", None, "hooks", "Bash", "c"),)),
        (
            "BeforeTool",
            {"tool_name": "write_file", "tool_input": {"file_path": "a", "content": "A"}},
            (Event("file write", "A", None, "hooks", "write_file", path="a"),),
        ),
        ("SessionStart", COMMON, ()),
        ("PostToolUse", BASH, ()),
        ("PreToolUse", {}, (Event("tool call", "", source="hooks"),)),
    ],
)
def test_a_call_is_a_prompt_or_what_a_tool_is_about_to_do(
    event: str, payload: dict[str, object], expected: tuple[Event, ...]
) -> None:
    assert hook_call_events("claude", event, payload) == expected


def test_all_calls_of_a_session_are_read_and_what_was_denied_is_marked(tmp_path: Path) -> None:
    calls = read(
        tmp_path,
        line("SessionStart", COMMON, "none"),
        line("UserPromptSubmit", PROMPT),
        line("PreToolUse", {**BASH, "tool_use_id": "c-1"}, at=6.0),
        line("PreToolUse", {**BASH, "tool_use_id": "c-2"}, "deny", at=7.0),
        '{"at": 8.0, "ev',
    )
    assert [(e.kind, e.at, e.denied) for e in calls.events] == [
        ("prompt", 5.0, False),
        ("command", 6.0, False),
        ("command", 7.0, True),
    ]
    assert (calls.count, calls.broken, calls.native_id, calls.denied_ids) == (4, 1, "s-1", frozenset({"c-2"}))


def test_a_prompt_that_was_stopped_was_still_given_and_a_call_without_id_is_no_id(tmp_path: Path) -> None:
    calls = read(tmp_path, line("UserPromptSubmit", PROMPT, "deny"), line("PreToolUse", BASH, "deny"))
    assert ([event.denied for event in calls.events], calls.denied_ids) == ([False, True], frozenset())


def test_every_transcript_that_was_named_is_known_once_in_order(tmp_path: Path) -> None:
    anew = {**COMMON, "transcript_path": "/t/s-2.jsonl", "session_id": "s-2", "source": "clear"}
    calls = read(tmp_path, *(line("SessionStart", payload) for payload in (COMMON, anew, COMMON, anew)))
    assert (calls.transcript_paths, calls.native_id) == (("/t/s-1.jsonl", "/t/s-2.jsonl"), "s-2")


@pytest.mark.parametrize("path", [None, Path("/nonexistent/hooks.jsonl")])
def test_without_a_file_there_were_no_calls(path: Path | None) -> None:
    assert read_hook_calls(path, "claude") == HookCalls()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(("command", "x")), inner, max_size=2),
    max_leaves=5,
)
KEYS = ("prompt", "tool_name", "tool_input", "tool_use_id", "transcript_path", "session_id")


@settings(deadline=None, max_examples=50)
@given(at=JSON, payload=st.dictionaries(st.sampled_from(KEYS), JSON) | JSON)
def test_no_payload_whatever_its_types_makes_it_raise(
    at: object, payload: object, tmp_path_factory: pytest.TempPathFactory
) -> None:
    value = {"at": at, "event": "PreToolUse", "payload": payload, "decision": "deny"}
    calls = read(tmp_path_factory.getbasetemp(), json.dumps(value))
    assert (calls.count, len(calls.events), calls.broken) == (1, 1, 0)
