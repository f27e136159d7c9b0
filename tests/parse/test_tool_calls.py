"""What a tool call means, by the names of all CLIs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.parse.tool_calls import PATCHERS, SHELLS, WRITERS, ToolCall, tool_events
from guardrail_proxy.session import Event

LIKE = Event("tool call", "", 5.0, "hooks", call_id="c")
PATCH = "*** Begin Patch\n*** Add File: a.py\n+A\n*** End Patch"
Told = tuple[str, str, str]


def told(name: str, arguments: object) -> list[Told]:
    return [(event.kind, event.text, event.path) for event in tool_events(ToolCall(name, arguments), LIKE)]


@pytest.mark.parametrize("name", SHELLS)
def test_a_shell_runs_a_command(name: str) -> None:
    assert told(name, {SHELLS[name][0]: "ls -l"}) == [("command", "ls -l", "")]


@pytest.mark.parametrize("name", WRITERS)
def test_a_writer_writes_a_file(name: str) -> None:
    (path, *_), (text, *_) = WRITERS[name]
    assert told(name, {path: "/w/a.py", text: "A = 1\n"}) == [("file write", "A = 1\n", "/w/a.py")]


@pytest.mark.parametrize("name", PATCHERS)
@pytest.mark.parametrize("arguments", [PATCH, {"command": PATCH}, {"input": PATCH}])
def test_a_patch_writes_its_files(name: str, arguments: object) -> None:
    assert told(name, arguments) == [("file write", "A\n", "a.py")]


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("shell", {"command": ["bash", "-lc", "ls | wc"]}, ("command", "ls | wc", "")),
        ("shell", {"command": ["/bin/zsh", "-c", "ls"]}, ("command", "ls", "")),
        ("shell", {"command": ["echo", "a b"]}, ("command", "echo 'a b'", "")),
        ("shell", {"command": ["bash", "-lc", f"apply_patch <<'E'\n{PATCH}\nE"]}, ("file write", "A\n", "a.py")),
        ("exec_command", {"command": "ls"}, ("command", "ls", "")),
        ("write_stdin", {"session_id": 7, "chars": ""}, ("tool call", '{"session_id": 7, "chars": ""}', "")),
        ("Bash", {}, ("tool call", "{}", "")),
        ("Bash", None, ("tool call", "", "")),
        ("Bash", "rm -rf /", ("command", "rm -rf /", "")),
        ("Edit", {"file_path": "a", "new_string": ""}, ("file write", "", "a")),
        ("MultiEdit", {"file_path": "a"}, ("tool call", '{"file_path": "a"}', "")),
        ("apply_patch", "no patch", ("tool call", "no patch", "")),
        ("mcp__db__query", {"sql": "ä"}, ("tool call", '{"sql": "ä"}', "")),
    ],
)
def test_a_call_is_what_its_arguments_make_it(name: str, arguments: object, expected: Told) -> None:
    assert told(name, arguments) == [expected]


def test_a_command_for_a_server_s_tool_is_a_command() -> None:
    assert told("mcp__desk__run", {"command": "ls"})[1:] == [("command", "ls", "")]


def test_each_edit_of_several_is_a_file_write() -> None:
    edits = [{"old_string": "a", "new_string": "b"}, {"old_string": "c", "new_string": "d"}, 5]
    expected = [("file write", "b", "a.py"), ("file write", "d", "a.py"), ("file write", "", "a.py")]
    assert told("MultiEdit", {"file_path": "a.py", "edits": edits}) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(("command", "file_path", "edits")), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(deadline=None, max_examples=50)
@given(name=st.sampled_from((*SHELLS, *WRITERS, *PATCHERS, "MultiEdit", "Read")), arguments=JSON)
def test_every_call_is_an_event_that_knows_its_call(name: str, arguments: object) -> None:
    events = tool_events(ToolCall(name, arguments), LIKE)
    assert {(e.name, e.call_id, e.at, e.source) for e in events} == {(name, "c", 5.0, "hooks")}
