"""The gate: what a hook call is answered, and that the answer never quotes the session."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.parse.hook_calls import Folders
from guardrail_proxy.session import Mode
from guardrail_proxy.sidecar.gate import Answer, Gate, says_what_runs

KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"
JSON = st.recursive(st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v), max_leaves=8)  # fmt: skip # noqa: E501


def asked(mode: Mode, event: str, payload: dict[str, object]) -> Answer:
    return Gate("claude", mode, Path("/nowhere")).answer(json.dumps({**payload, "hook_event_name": event}).encode())


def shell(command: str) -> dict[str, object]:
    return {"tool_name": "Bash", "tool_input": {"command": command}}


def test_a_denied_call_names_rule_and_remedy_and_never_quotes_the_session() -> None:
    answer = asked("strict", "PreToolUse", shell("rm -rf / swordfish"))
    said = json.loads(answer.out)["hookSpecificOutput"]
    assert (said["permissionDecision"], answer.rules, answer.status) == ("deny", ("commands/recursive-delete",), 0)
    assert "commands/recursive-delete: delete only what you made" in said["permissionDecisionReason"]
    assert b"swordfish" not in answer.frame()


@pytest.mark.parametrize(("mode", "decision"), [("standard", "allow"), ("strict", "deny")])
def test_a_prompt_with_a_secret_is_refused_in_strict(mode: Mode, decision: str) -> None:
    answer = asked(mode, "UserPromptSubmit", {"prompt": f"use {KEY}"})
    assert (answer.decision, answer.rules) == (decision, ("secrets/aws-access-key",))
    assert ('"decision": "block"' in answer.out) == (decision == "deny")


def test_a_harmless_call_gets_no_words() -> None:
    answer = asked("strict", "PreToolUse", shell("ls"))
    assert (answer.frame(), answer.decision) == (b"\x02\0\0\0\0\0", "allow")


def test_a_session_begins_with_our_documents(tmp_path: Path) -> None:
    (tmp_path / "context.md").write_text("Be careful.\n")
    answer = Gate("claude", "standard", tmp_path).answer(b'{"hook_event_name": "SessionStart"}')
    assert json.loads(answer.out)["hookSpecificOutput"]["additionalContext"] == "Be careful.\n"
    assert asked("standard", "SessionStart", {}).out == ""


def test_other_events_are_recorded_and_decide_nothing() -> None:
    answer = asked("strict", "GuardCommandRefused", {"command": "config set"})
    assert (answer.event, answer.decision, answer.status) == ("GuardCommandRefused", "none", 0)


@pytest.mark.parametrize(
    ("payload", "known"),
    [
        (shell("ls"), True),
        ({"tool_name": "shell", "tool_input": {"command": ["ls"]}}, True),
        ({"tool_name": "exec_command", "tool_input": {"cmd": "ls"}}, True),
        ({"tool_name": "write_stdin", "tool_input": {"session_id": 1}}, True),
        ({"tool_name": "mcp__x__y", "tool_input": None}, True),
        ({"tool_name": "Bash", "tool_input": {"cmd": "ls"}}, False),
        ({"tool_name": "Bash"}, False),
        ({"tool_name": ""}, False),
        ({"tool_name": 3, "tool_input": {}}, False),
    ],
)
def test_a_shell_call_says_its_command_where_we_look_for_it(payload: dict[str, object], known: bool) -> None:
    assert says_what_runs(payload) is known


@given(st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_get_an_answer_and_strict_lets_nothing_run_that_names_no_event(data: bytes) -> None:
    answer = Gate("claude", "strict", Path("/nowhere")).answer(data)
    assert (answer.status, answer.decision) == (2, "deny")


@given(st.sampled_from(["PreToolUse", "UserPromptSubmit", "Stop"]), st.dictionaries(st.text(), JSON))
def test_any_payload_of_a_known_event_is_decided(event: str, payload: dict[str, object]) -> None:
    answer = asked("strict", event, {"tool_name": "x", **payload})
    size = int.from_bytes(answer.frame()[:4], "little")
    assert (answer.decision in ("allow", "deny", "none"), size) == (True, len(answer.frame()) - 4)


@pytest.mark.parametrize(("cli", "decision"), [("codex", "deny"), ("claude", "allow")])
def test_a_program_that_is_told_what_to_do_without_a_hook_is_denied(cli: str, decision: str) -> None:
    payload = json.dumps({**shell("bash -i"), "hook_event_name": "PreToolUse"}).encode()
    assert Gate(cli, "strict", Path("/nowhere")).answer(payload).decision == decision


@pytest.mark.parametrize(
    ("project", "folder", "command", "decision"),
    [
        ("/home/u/p", "/home/u/p", "rm -rf src", "allow"),
        ("/home/u/p", "/home/u/p/src", "find . -delete", "allow"),
        ("/home/u/p", "/home/u", "rm -rf Documents", "deny"),
        ("/home/u/p", "/home/u/Documents", "find . -delete", "deny"),
        ("/home/u/p", "/", "rm -rf *", "deny"),
        ("/home/u", "/home/u", "rm -rf Documents", "deny"),
        ("/home/u", "/home/u", "rm -rf /tmp/x", "allow"),
        ("/home/u/p", "/tmp/x", "rm -rf *", "allow"),
    ],
)
def test_a_relative_path_means_what_it_does_in_the_folder_of_the_call(
    project: str, folder: str, command: str, decision: str
) -> None:
    gate = Gate("codex", "strict", Path("/nowhere"), folders=Folders(project, "/home/u"))
    payload = {**shell(command), "hook_event_name": "PreToolUse", "cwd": folder}
    assert gate.answer(json.dumps(payload).encode()).decision == decision
