"""What is read from Claude Code 2.1.197: lines as it really wrote them, with what we do not read taken out."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.cli import Parsed
from guardrail_proxy.clis._claude_transcript import find_transcript, parse_structured, parse_transcript
from guardrail_proxy.session import Capture, Event

AT = 1795756386.0
COMMON = '"isSidechain":false,"cwd":"/work/app","sessionId":"s-1","version":"2.1.197","gitBranch":"main"'
USAGE = '"usage":{"input_tokens":100,"cache_creation_input_tokens":15,"cache_read_input_tokens":5,"output_tokens":30}'
BLOCKED = (
    "touch in '/etc/x' was blocked. For security, Claude Code may only create or modify files in the allowed"
    " working directories for this session: '/work/app'."
)


def user(content: str, more: str = "") -> str:
    return (
        f'{{"parentUuid":null,{COMMON},"type":"user","message":{{"role":"user","content":{content}}},'
        f'"timestamp":"2026-11-27T05:13:06.000Z"{more}}}'
    )


def assistant(part: str, message_id: str = "msg_1", usage: str = USAGE) -> str:
    return (
        f'{{"parentUuid":"u",{COMMON},"message":{{"id":"{message_id}","type":"message","role":"assistant",'
        f'"model":"claude-opus-4-8","content":[{part}],"stop_reason":"tool_use",{usage}}},"type":"assistant",'
        f'"timestamp":"2026-11-27T05:13:06.000Z"}}'
    )


def tool_use(name: str, arguments: str) -> str:
    return assistant(f'{{"type":"tool_use","id":"call_1","name":"{name}","input":{arguments}}}', usage='"usage":null')


def result(content: str, is_error: str = "false") -> str:
    part = f'"type":"tool_result","tool_use_id":"call_1","content":{content},"is_error":{is_error}'
    return user(f"[{{{part}}}]", ',"toolUseResult":{"stdout":"","stderr":"","interrupted":false}')


QUEUED = (
    f'{{{COMMON},"attachment":{{"type":"queued_command","prompt":"also b","commandMode":"prompt"}},"type":"attachment",'
    f'"timestamp":"2026-11-27T05:13:06.000Z"}}'
)
API_ERROR = (
    f'{{{COMMON},"type":"assistant","timestamp":"2026-11-27T05:13:06.000Z","message":{{"id":"e-1",'
    f'"model":"<synthetic>","role":"assistant","type":"message","usage":{{"input_tokens":0,"output_tokens":0}},'
    f'"content":[{{"type":"text","text":"API Error: 400 bad"}}]}},"error":"unknown","isApiErrorMessage":true}}'
)


def parse(tmp_path: Path, *lines: str) -> Parsed:
    path = tmp_path / "s-1.jsonl"
    path.write_text("\n".join(lines))
    return parse_transcript(path)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (user('"Please do it."'), (Event("prompt", "Please do it.", AT),)),
        (user('[{"type":"text","text":"See"},{"type":"image","source":{}}]'), (Event("prompt", "See", AT),)),
        (user('"<command-name>/clear</command-name>"'), ()),
        (user('"[Request interrupted by user for tool use]"'), ()),
        (user('"Caveat: made by the user"', ',"isMeta":true'), ()),
        (user('"This session is being continued from"', ',"isCompactSummary":true'), ()),
        (QUEUED, (Event("prompt", "also b", AT),)),
        (API_ERROR, (Event("error", "API Error: 400 bad", AT, model="<synthetic>"),)),
        ('{"type":"queue-operation","operation":"enqueue","content":"Please do it."}', ()),
        ('{"type":"last-prompt","lastPrompt":"Please do it."}', ()),
        ('{"type":"of a later version","message":{"content":"x"}}', ()),
    ],
)
def test_who_says_what(line: str, expected: tuple[Event, ...], tmp_path: Path) -> None:
    assert parse(tmp_path, line).events == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (tool_use("Bash", '{"command":"ls"}'), Event("command", "ls", name="Bash")),
        (tool_use("Write", '{"file_path":"a.py","content":"A\\n"}'), Event("file write", "A\n", path="a.py")),
        (
            tool_use("Edit", '{"replace_all":false,"file_path":"a.py","old_string":"A","new_string":"B"}'),
            Event("file write", "B", path="a.py"),
        ),
        (tool_use("Read", '{"file_path":"a.py"}'), Event("tool call", '{"file_path": "a.py"}')),
        (tool_use("Bash", '"ls"'), Event("command", "ls")),
        (tool_use("Bash", "[1]"), Event("tool call", "[1]")),
    ],
)
def test_what_a_call_means(line: str, expected: Event, tmp_path: Path) -> None:
    (event,) = parse(tmp_path, line).events
    found = (event.kind, event.text, event.path, event.call_id, event.model, event.at)
    assert found == (expected.kind, expected.text, expected.path, "call_1", "claude-opus-4-8", AT)


@pytest.mark.parametrize(
    ("content", "is_error", "expected"),
    [
        ('"(Bash completed with no output)"', "false", (True, None, False)),
        ('"Exit code 3\\nls: cannot access"', "true", (False, 3, False)),
        ('"Exit code 1\\npermission to use denied by admin"', "true", (False, 1, False)),
        ('"Exit code 3 is what it should be"', "false", (True, None, False)),
        ('[{"type":"text","text":"Sub done."},{"type":"text","text":"agentId: a"}]', "false", (True, None, False)),
        ('"guardrail-proxy blocked this call. commands/recursive-delete: no"', "true", (False, None, True)),
        (json.dumps(BLOCKED), "true", (False, None, True)),
        ('"The user doesn\'t want to proceed with this tool use."', "true", (False, None, True)),
        ('"File does not exist."', "true", (False, None, False)),
    ],
)
def test_how_a_call_ended(content: str, is_error: str, expected: tuple[bool, int | None, bool], tmp_path: Path) -> None:
    command, told = parse(tmp_path, tool_use("Bash", '{"command":"x"}'), result(content, is_error)).events
    assert (told.ok, told.exit_code, told.denied) == expected
    assert (told.call_id, command.denied) == ("call_1", told.denied)


def test_a_messages_usage_counts_once_and_as_its_last_part_has_it(tmp_path: Path) -> None:
    early = USAGE.replace(":30", ":1")
    text, ask = (
        '{"type":"text","text":"Looking."}',
        '{"type":"tool_use","id":"c","name":"Bash","input":{"command":"l"}}',
    )
    parsed = parse(tmp_path, assistant(text, usage=early), assistant(ask), assistant(text, "msg_2"))
    told = [(event.kind, event.tokens_in, event.tokens_out) for event in parsed.events]
    usage = ("usage", 120, 30)
    assert told == [("message", None, None), ("command", None, None), usage, ("message", None, None), usage]


def test_what_the_session_was_is_told_by_its_first_lines(tmp_path: Path) -> None:
    parsed = parse(tmp_path, API_ERROR, assistant('{"type":"text","text":"Hi"}'))
    assert (parsed.native_id, parsed.model, parsed.version, parsed.lines) == ("s-1", "claude-opus-4-8", "2.1.197", 2)


def test_a_broken_line_and_one_cut_at_the_end_are_counted_and_hide_nothing(tmp_path: Path) -> None:
    whole = user('"Please do it."')
    parsed = parse(tmp_path, '{"type":"user"', whole, "", "[]", "nonsense", whole[:50])
    assert ([event.text for event in parsed.events], parsed.lines, parsed.broken_lines) == (["Please do it."], 1, 4)


def test_what_a_sub_agent_did_stands_where_it_did_it_under_its_name(tmp_path: Path) -> None:
    side = tmp_path / "s-1/subagents/agent-a0aa.jsonl"
    side.parent.mkdir(parents=True)
    lines = (user('"Look around."'), tool_use("Bash", '{"command":"echo sub"}'), result('"sub"'), "{")
    of_agent = "\n".join(lines).replace('"isSidechain":false', '"isSidechain":true,"agentId":"a0aa"')
    side.write_text(of_agent.replace("05:13:06", "05:13:07"))
    last = assistant('{"type":"text","text":"Done."}', usage='"usage":null').replace("05:13:06", "05:13:09")
    parsed = parse(tmp_path, user('"Ask one."'), tool_use("Agent", '{"prompt":"Look around."}'), last)
    assert [(event.kind, event.agent_path) for event in parsed.events] == [
        ("prompt", ""),
        ("tool call", ""),
        ("prompt", "a0aa"),
        ("command", "a0aa"),
        ("tool result", "a0aa"),
        ("message", ""),
    ]
    assert (parsed.lines, parsed.broken_lines) == (6, 1)


INIT = '{"type":"system","subtype":"init","session_id":"s-1","model":"claude-opus-4-8","claude_code_version":"2.1.197"}'
SAID = '{"type":"assistant","message":{"id":"m","content":[{"type":"text","text":"Hello."}]},"parent_tool_use_id":null}'
END = '{"type":"result","subtype":"success","is_error":false,"result":"Hello.","usage":{"input_tokens":9}}'


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"{INIT}\n{SAID}\n{END}\n", ["message"]),
        (f"Warning: no stdin data received in 3s\n{INIT}\n{SAID}\n{END}\n", ["message"]),
        (f"[{INIT},{SAID},{END}]\n", ["message"]),
        (f"{END}\n", ["message", "usage"]),
        (f"{INIT}\n", []),
        (INIT + "\n" + SAID.replace("Hello.", "He\u2028ll\x85o."), ["message"]),
        ("Hello.\n", None),
        ('{"name":"a package"}\n', None),
        ("", None),
    ],
    ids=[
        "stream-json",
        "a warning first",
        "json --verbose",
        "json",
        "nothing said",
        "lines' ends",
        "text",
        "json",
        "0",
    ],
)
def test_structured_output_is_known_by_its_first_line(text: str, kinds: list[str] | None) -> None:
    parsed = parse_structured(text)
    assert ([event.kind for event in parsed.events], parsed.lines > 0) == (kinds or [], kinds is not None)


def test_a_sub_agent_of_a_stream_is_named_by_the_call_that_began_it() -> None:
    of_agent = SAID.replace('"parent_tool_use_id":null', '"parent_tool_use_id":"call_7"')
    assert [event.agent_path for event in parse_structured(f"{INIT}\n{of_agent}\n{SAID}").events] == ["call_7", ""]


def test_a_streams_calls_and_results_belong_together() -> None:
    stream = (INIT, tool_use("Bash", '{"command":"ls /x"}'), result('"Exit code 2\\nno"', "true"))
    told = [(e.kind, e.call_id, e.exit_code, e.source) for e in parse_structured("\n".join(stream)).events]
    assert told == [("command", "call_1", None, "structured"), ("tool result", "call_1", 2, "structured")]


KEYS = """
type message content text id name input tool_use_id usage timestamp is_error model attachment prompt
isSidechain agentId error result sessionId input_tokens command
"""
VALUES = st.sampled_from(
    ("user", "assistant", "result", "attachment", "tool_use", "tool_result", "text", "Bash", "Write", "queued_command")
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | VALUES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()) | st.text(), inner, max_size=4)
    ),
    max_leaves=8,
)
OBJECTS = st.lists(st.dictionaries(st.sampled_from(KEYS.split()), JSON, max_size=4), max_size=4)


@settings(deadline=None, max_examples=50)
@given(objects=OBJECTS)
def test_no_objects_whatever_their_types_make_it_raise(
    objects: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = "\n".join(map(json.dumps, objects))
    native = parse(tmp_path_factory.getbasetemp(), text)
    parse_structured(f"{INIT}\n{text}")
    assert (native.lines, native.broken_lines) == (len(objects), 0)


@pytest.mark.parametrize("moved", ["", "elsewhere"])
def test_the_transcript_is_in_the_folder_that_is_named_after_the_working_directory(moved: str, tmp_path: Path) -> None:
    root = tmp_path / (moved or ".claude")
    path = root / "projects/-work-my-app-v2/s-1.jsonl"
    path.parent.mkdir(parents=True)
    path.write_text(user('"hi"'))
    at = path.stat().st_mtime
    env = {"CLAUDE_CONFIG_DIR": str(root)} if moved else {}
    cwd, home = "/work/my.app_v2", str(tmp_path)
    ours = Capture("i", "claude", "standard", (), cwd, tmp_path, None, None, 0, None, at - 9, at, home=home, env=env)
    assert find_transcript(ours) == path
