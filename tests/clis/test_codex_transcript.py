"""What is read from codex 0.169: lines as it really wrote them, with what we do not read taken out."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.cli import Parsed
from guardrail_proxy.clis._codex_transcript import parse_structured, parse_transcript
from guardrail_proxy.session import Event

AT = 1795756396.0
META = '"type":"session_meta","payload":{"id":"t-1","cwd":"/work","originator":"codex_exec","cli_version":"0.169.0"}'
CONTEXT = '"type":"turn_context","payload":{"turn_id":"u-1","cwd":"/work/app","model":"gpt-5.5"}'
PATCH = r"*** Begin Patch\n*** Add File: a.py\n+A = 1\n*** Update File: b.py\n@@\n-x\n+y\n*** End Patch"
BLOCKED = "Command blocked by PreToolUse hook: guardrail-proxy blocked this call. commands/recursive-delete: no."


def item(payload: str, kind: str = "response_item") -> str:
    return f'"type":"{kind}","payload":{{{payload}}}'


def said(role: str, text: str) -> str:
    part = "output_text" if role == "assistant" else "input_text"
    return item(f'"type":"message","id":"msg_1","role":"{role}","content":[{{"type":"{part}","text":"{text}"}}]')


def asked(command: str = "ls", call_id: str = "call_1") -> str:
    arguments = json.dumps(json.dumps({"cmd": command}))
    return item(f'"type":"function_call","name":"exec_command","arguments":{arguments},"call_id":"{call_id}"')


def custom(name: str, text: str, call_id: str = "call_1") -> str:
    return item(f'"type":"custom_tool_call","name":"{name}","input":"{text}","call_id":"{call_id}"')


def output(text: str, kind: str = "function_call_output") -> str:
    return item(f'"type":"{kind}","call_id":"call_1","output":"{text}"')


def parts(*texts: str) -> str:
    inner = ",".join(f'{{"type":"input_text","text":{json.dumps(text)}}}' for text in texts)
    return item(f'"type":"custom_tool_call_output","call_id":"call_1","output":[{inner}]')


def finished(payload: str) -> str:
    return item(f'"type":"item_completed","thread_id":"t-1","item":{{{payload}}}', "event_msg")


def ran(status: int, call_id: str = "call_1", command: str = "ls", text: str = "") -> str:
    return finished(
        f'"type":"CommandExecution","id":"{call_id}","command":["/bin/bash","-lc","{command}"],"status":"completed",'
        f'"aggregated_output":"{text}","exit_code":{status}'
    )


def tokens(total: int, last: int) -> str:
    usage = f'"last_token_usage":{{"input_tokens":{last},"output_tokens":3}}'
    return item(f'"type":"token_count","info":{{"total_token_usage":{{"input_tokens":{total}}},{usage}}}', "event_msg")


def parse(tmp_path: Path, *lines: str) -> Parsed:
    path = tmp_path / "rollout-x.jsonl"
    path.write_text("\n".join(f'{{"timestamp":"2026-11-27T05:13:16.000Z","ordinal":1,{line}}}' for line in lines))
    return parse_transcript(path)


def told(parsed: Parsed) -> list[tuple[str, str]]:
    return [(event.kind, event.text) for event in parsed.events]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (said("user", "Please do it."), Event("prompt", "Please do it.", AT)),
        (said("assistant", "I will look."), Event("message", "I will look.", AT)),
        (said("user", "<environment_context>x"), None),
        (said("user", "# AGENTS.md instructions for /work"), None),
        (said("developer", "You are an agent."), None),
        (finished('"type":"AgentMessage","id":"m","content":[{"type":"Text","text":"I will look."}]'), None),
        (finished('"type":"UserMessage","id":"m","content":[{"type":"text","text":"Please do it."}]'), None),
        (item('"type":"task_complete","last_agent_message":"Done."', "event_msg"), None),
        (
            item('"type":"task_complete","error":{"message":"bad request","codex_error_info":"other"}', "event_msg"),
            Event("error", "bad request", AT),
        ),
        (item('"type":"stream_error","message":"retrying 1/5"', "event_msg"), Event("error", "retrying 1/5", AT)),
        (tokens(120, 120), Event("usage", "", AT, tokens_in=120, tokens_out=3)),
        (item('"type":"token_count","info":null', "event_msg"), None),
        ('"type":"world_state","payload":{"full":true}', None),
        ('"type":"of a later version","payload":{"type":"message","role":"user","content":"x"}', None),
    ],
)
def test_who_says_what(line: str, expected: Event | None, tmp_path: Path) -> None:
    assert parse(tmp_path, line).events == (() if expected is None else (expected,))


def test_usage_that_is_told_again_counts_once(tmp_path: Path) -> None:
    parsed = parse(tmp_path, tokens(120, 120), tokens(120, 120), tokens(240, 120))
    assert [event.tokens_in for event in parsed.events] == [120, 120]


def test_what_the_session_was_is_told_by_its_first_lines(tmp_path: Path) -> None:
    parsed = parse(tmp_path, META, CONTEXT, META.replace("t-1", "t-2"))
    assert (parsed.native_id, parsed.model, parsed.version, parsed.lines) == ("t-1", "gpt-5.5", "0.169.0", 3)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((output("Chunk ID: 1\\nProcess exited with code 0\\nOutput:\\na"),), (True, 0, False)),
        ((output("Chunk ID: 1\\nProcess exited with code 3\\nOutput:\\nPermission denied"),), (False, 3, False)),
        ((ran(3), output("Chunk ID: 1\\nProcess running with session ID 7\\nOutput:\\n")), (False, 3, False)),
        ((ran(0), output("Chunk ID: 1\\nProcess exited with code 0\\nOutput:\\n")), (True, 0, False)),
        ((output("Exit code: 0\\nWall time: 0 seconds\\nOutput:\\ndenied by x"),), (True, 0, False)),
        ((output(BLOCKED),), (False, None, True)),
        ((output("exec_command failed for `x`: rejected by user"),), (False, None, True)),
        ((output("exec_command failed for `x`: no such file"),), (False, None, False)),
        ((output("apply_patch verification failed: Failed to find expected lines in a.py"),), (False, None, False)),
        ((output("Plan updated"),), (None, None, False)),
        ((parts("Script completed\nWall time 0.1 seconds\nOutput:\n", "permission denied"),), (None, None, False)),
        ((parts("Script failed\nWall time 0.1 seconds\nOutput:\n", BLOCKED),), (False, None, True)),
        ((parts("Script failed\nWall time 0.1 seconds\nOutput:\n", "TypeError"),), (False, None, False)),
    ],
)
def test_how_a_call_ended_is_told_once(
    lines: tuple[str, ...], expected: tuple[bool | None, int | None, bool], tmp_path: Path
) -> None:
    command, *results = parse(tmp_path, asked(), *lines).events
    assert [(event.ok, event.exit_code, event.denied) for event in results] == [expected]
    assert (command.kind, command.text, command.denied, results[0].call_id) == ("command", "ls", expected[2], "call_1")


@pytest.mark.parametrize(
    "line",
    [custom("apply_patch", PATCH), asked("apply_patch <<'END'\n" + PATCH.replace("\\n", "\n") + "\nEND")],
    ids=["tool", "shell"],
)
def test_a_patch_is_a_file_write_for_each_file(line: str, tmp_path: Path) -> None:
    found = [(event.kind, event.path, event.text) for event in parse(tmp_path, line).events]
    assert found == [("file write", "a.py", "A = 1\n"), ("file write", "b.py", "y\n")]


def test_a_patch_that_was_applied_is_not_told_twice(tmp_path: Path) -> None:
    done = finished(
        '"type":"FileChange","id":"call_1","status":"completed","stdout":"Success.","changes":{"a.py":{"type":"add"}}'
    )
    assert [kind for kind, _ in told(parse(tmp_path, custom("apply_patch", PATCH), done))] == ["file write"] * 2


def test_code_mode_shows_the_script_and_what_ran_inside_it(tmp_path: Path) -> None:
    script = custom("exec", "await tools.exec_command({cmd:'make; exit 3'})")
    added = '"changes":{"/work/new.txt":{"type":"add","content":"hello\\n"}}'
    updated = '"changes":{"b.py":{"type":"update","unified_diff":"@@ -1 +1 @@\\n-x\\n+y\\n"}}'
    parsed = parse(
        tmp_path,
        script,
        ran(3, "exec-1", "make; exit 3", "no rule"),
        finished(f'"type":"FileChange","id":"exec-2",{added},"status":"completed","stdout":"Success.","stderr":""'),
        finished(f'"type":"FileChange","id":"exec-3",{updated},"status":"declined","stdout":"","stderr":""'),
        parts("Script completed\nOutput:\n", "{}"),
    )
    assert [(e.kind, e.text, e.path, e.ok, e.exit_code, e.denied) for e in parsed.events] == [
        ("tool call", "await tools.exec_command({cmd:'make; exit 3'})", "", None, None, False),
        ("command", "make; exit 3", "", None, None, False),
        ("tool result", "no rule", "", False, 3, False),
        ("file write", "hello\n", "/work/new.txt", None, None, False),
        ("tool result", "Success.", "", True, None, False),
        ("file write", "y\n", "b.py", None, None, True),
        ("tool result", "", "", False, None, True),
        ("tool result", "Script completed\nOutput:\n\n{}", "", None, None, False),
    ]


def test_arguments_that_are_no_json_are_kept_as_they_are(tmp_path: Path) -> None:
    line = item('"type":"function_call","name":"exec_command","arguments":"{\\"cmd\\": \\"l","call_id":"call_1"')
    assert told(parse(tmp_path, line)) == [("command", '{"cmd": "l')]


def test_a_call_of_the_old_shell_tool_is_a_command(tmp_path: Path) -> None:
    action = '"type":"local_shell_call","call_id":"c","action":{"type":"exec","command":["bash","-lc","ls -l"]}'
    assert told(parse(tmp_path, item(action))) == [("command", "ls -l")]


def test_a_broken_line_and_one_cut_at_the_end_are_counted_and_hide_nothing(tmp_path: Path) -> None:
    path = tmp_path / "rollout-x.jsonl"
    whole = f"{{{said('user', 'Please.')}}}"
    path.write_text("\n".join(("nonsense", whole, "[]", whole[:40])))
    parsed = parse_transcript(path)
    assert (told(parsed), parsed.lines, parsed.broken_lines) == ([("prompt", "Please.")], 1, 3)


STREAM = """Reading additional input from stdin...
{"type":"thread.started","thread_id":"t-1"}
{"type":"turn.started"}
{"type":"item.completed","item":{"id":"item_0","type":"agent_message","text":"Run\u2028ning."}}
{"type":"item.started","item":{"id":"item_1","type":"command_execution","command":"make","status":"in_progress"}}
{"type":"item.completed","item":{"id":"item_1","type":"command_execution","command":"/bin/bash -lc 'make; exit 3'",\
"aggregated_output":"no rule\\n","exit_code":3,"status":"failed"}}
2026-11-27T05:13:17.269218Z ERROR codex_core::tools::router: error=apply_patch verification failed
{"type":"item.completed","item":{"id":"item_3","type":"file_change","changes":[{"path":"/work/new.txt","kind":"add"}],\
"status":"completed"}}
{"type":"item.completed","item":{"id":"item_4","type":"error","message":"a warning"}}
{"type":"item.completed","item":{"id":"item_5","type":"command_execution","command":"echo 'open","status":"declined"}}
{"type":"turn.completed","usage":{"input_tokens":360,"cached_input_tokens":0,"output_tokens":90}}
{"type":"turn.failed","error":{"message":"bad request"}}
"""


def test_the_stream_of_exec_json_is_read() -> None:
    parsed = parse_structured(STREAM)
    assert [(e.kind, e.text, e.call_id, e.ok, e.exit_code, e.denied) for e in parsed.events] == [
        ("message", "Run\u2028ning.", "", None, None, False),
        ("command", "make; exit 3", "item_1", None, None, False),
        ("tool result", "no rule\n", "item_1", False, 3, False),
        ("file write", "", "item_3", None, None, False),
        ("tool result", "", "item_3", True, None, False),
        ("error", "a warning", "", None, None, False),
        ("command", "echo 'open", "item_5", None, None, True),
        ("tool result", "", "item_5", False, None, True),
        ("usage", "", "", None, None, False),
        ("error", "bad request", "", None, None, False),
    ]
    assert (parsed.native_id, {e.source for e in parsed.events}) == ("t-1", {"structured"})


@pytest.mark.parametrize("text", ["", "Done.\n", '{"type":"item.completed"}\n'])
def test_another_text_is_no_stream(text: str) -> None:
    assert parse_structured(text) == Parsed(())


TYPES = """
response_item event_msg session_meta turn_context message function_call custom_tool_call local_shell_call
function_call_output item_completed token_count task_complete error CommandExecution FileChange item.completed
turn.completed turn.failed command_execution file_change agent_message user assistant exec_command apply_patch
exec declined
"""
KEYS = """
type payload timestamp role content text name arguments input action call_id output item id command changes
status exit_code info last_token_usage input_tokens total_token_usage error message usage path unified_diff cwd
model cli_version
"""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(TYPES.split()),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()) | st.text(), inner, max_size=4)
    ),
    max_leaves=8,
)
ENTRIES = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES.split())}, optional={"payload": JSON, "item": JSON, "timestamp": JSON}
)


@settings(deadline=None, max_examples=50)
@given(objects=st.lists(ENTRIES | st.dictionaries(st.sampled_from(KEYS.split()), JSON, max_size=4), max_size=4))
def test_no_objects_whatever_their_types_make_it_raise(
    objects: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "rollout-any.jsonl"
    path.write_text("\n".join(map(json.dumps, objects)))
    parse_structured(f'{{"type":"thread.started"}}\n{path.read_text()}')
    native = parse_transcript(path)
    assert (native.lines, native.broken_lines) == (len(objects), 0)
