"""The best source of each fact: native transcript, structured output, hook calls, screen; and what was looked at."""

import gzip
import json
import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.parse import parse
from guardrail_proxy.session import Capture, Evidence, Transcript

START = 1_795_756_380.0
NATIVE = """{"type":"user","message":{"content":"Go."},"timestamp":"2026-11-27T05:13:06Z",\
"sessionId":"s-1","version":"9.9"}
{"type":"assistant","message":{"id":"m","model":"opus","content":[{"type":"text","text":"Listing."},\
{"type":"tool_use","id":"c-1","name":"Bash","input":{"command":"ls"}}]},"timestamp":"2026-11-27T05:13:07Z"}
{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"c-1","content":"a.py"}]},\
"timestamp":"2026-11-27T05:13:08Z"}
"""
EARLIER = NATIVE.replace("T05:13:", "T04:13:").replace("Go.", "Long ago.")
STREAM = """{"type":"system","subtype":"init","session_id":"s-2","model":"sonnet","claude_code_version":"8.8"}
{"type":"assistant","message":{"id":"m","content":[{"type":"tool_use","id":"c-1","name":"Bash",\
"input":{"command":"ls"}}]}}
{"type":"result","subtype":"success","is_error":false,"result":"Streamed."}
"""
FAILED = """{"type":"system","subtype":"init","session_id":"s-2"}
{"type":"assistant","message":{"model":"<synthetic>","content":[{"type":"text","text":"API Error: 400"}]},"error":"x"}
{"type":"result","subtype":"success","is_error":true,"result":"API Error: 400"}
"""


def hook(event: str, decision: str = "allow", at: float = START + 6.5, **payload: object) -> str:
    return json.dumps({"at": at, "event": event, "payload": payload, "decision": decision}) + "\n"


PROMPT = hook("UserPromptSubmit", prompt="Go.", session_id="s-3")
DENIED = hook("PreToolUse", "deny", tool_name="Bash", tool_input={"command": "ls"}, tool_use_id="c-1")
UNTOLD = hook("PreToolUse", "deny", tool_name="Bash", tool_input={"command": "rm -rf /"}, tool_use_id="exec-9")


class Scene:
    """What a session of claude left behind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        name, home = "claude", str(folder)
        start, end = START, START + 20
        self.capture = Capture("i", name, "standard", (), "/w", folder, None, None, 0, None, start, end, home=home)

    def native(self, text: str, name: str = "s-1") -> Path:
        path = self.folder / f".claude/projects/-w/{name}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (START + 10, START + 10))
        return path

    def hooks(self, *lines: str) -> None:
        path = self.folder / "hooks.jsonl"
        path.write_text("".join(lines))
        self.capture = replace(self.capture, hook_events=path)

    def printed(self, *pieces: str, on_tty: bool = False) -> None:
        path = self.folder / "recording.cast.gz"
        lines: list[object] = [{"version": 2, "width": 80, "height": 24}, *([0.1, "o", piece] for piece in pieces)]
        path.write_bytes(gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode()))
        self.capture = replace(self.capture, recording=path, on_tty=on_tty)

    def parse(self) -> Transcript:
        return parse(self.capture)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def told(transcript: Transcript) -> list[tuple[str, str, str]]:
    return [(event.kind, event.text, event.source) for event in transcript.events]


OWN = [
    ("prompt", "Go.", "native"),
    ("message", "Listing.", "native"),
    ("command", "ls", "native"),
    ("tool result", "a.py", "native"),
]


def test_the_native_transcript_is_preferred_and_nothing_is_told_twice(scene: Scene) -> None:
    scene.native(NATIVE)
    scene.hooks(PROMPT)
    scene.printed(STREAM)
    assert (told(scene.parse()), scene.parse().evidence) == (OWN, "native")


def test_what_only_the_screen_showed_is_told_behind_it(scene: Scene) -> None:
    scene.native(NATIVE)
    scene.printed("\x1b[1mListing.\x1b[0m\r\n\u2502 ls \u2502\r\nUpdate available\r\n", on_tty=True)
    assert told(scene.parse()) == [*OWN, ("message", "Update available", "screen")]


@pytest.mark.parametrize(
    ("sources", "expected", "texts"),
    [
        ("native hooks stream", "native", ["Go.", "Listing.", "ls", "a.py"]),
        ("hooks stream", "structured", ["ls"]),
        ("hooks text", "hooks", ["Go.", "Plain.\n"]),
        ("hooks", "hooks", ["Go."]),
        ("text", "screen", ["Plain.\n"]),
        ("blank", "none", []),
        ("", "none", []),
    ],
)
def test_evidence_is_the_best_source_that_tells_what_was_done(
    sources: str, expected: Evidence, texts: list[str], scene: Scene
) -> None:
    if "native" in sources:
        scene.native(NATIVE)
    if "hooks" in sources:
        scene.hooks(PROMPT)
    printed = next((text for word, text in TEXTS.items() if word in sources), None)
    if printed is not None:
        scene.printed(printed)
    found = scene.parse()
    assert (found.evidence, [event.text for event in found.events]) == (expected, texts)


TEXTS = {"stream": STREAM, "text": "Plain.\n", "blank": " \x1b[2J\n"}


def test_what_the_session_was_is_told_by_the_source_that_was_chosen(scene: Scene) -> None:
    scene.hooks(PROMPT)
    by_hooks = scene.parse()
    scene.printed(STREAM)
    by_stream = scene.parse()
    scene.native(NATIVE)
    by_native = scene.parse()
    found = [(t.native_id, t.model, t.tool_version) for t in (by_hooks, by_stream, by_native)]
    assert found == [("s-3", "", ""), ("s-2", "sonnet", "8.8"), ("s-1", "opus", "9.9")]


def test_a_message_is_followed_by_its_parts(scene: Scene) -> None:
    scene.printed("Done.\n```py\nx\n```\n")
    assert [event.kind for event in scene.parse().events] == ["message", "code block", "claim"]


def test_what_was_said_before_a_resumed_session_is_left_out(scene: Scene) -> None:
    scene.native(EARLIER + NATIVE)
    found = scene.parse()
    assert (told(found), found.coverage["resumed"]) == (OWN, True)


def test_a_session_that_resumed_and_said_nothing_is_no_drift(scene: Scene) -> None:
    scene.native(EARLIER)
    found = scene.parse()
    assert (found.events, found.evidence, found.drift) == ((), "none", ())


def test_a_hook_names_the_transcript_and_finds_it_anywhere(scene: Scene, tmp_path: Path) -> None:
    scene.native(NATIVE.replace("Go.", "Another session's."))
    (tmp_path / "elsewhere.jsonl").write_text(NATIVE)
    scene.hooks(hook("SessionStart", "none", transcript_path=str(tmp_path / "elsewhere.jsonl")))
    assert told(scene.parse()) == OWN


@pytest.mark.parametrize("path", ["/nonexistent", "x" * 5000, "a\0b", "/", "\ud800"])
def test_a_hook_that_names_nothing_real_changes_nothing(path: str, scene: Scene) -> None:
    scene.native(NATIVE)
    scene.hooks(hook("SessionStart", "none", transcript_path=path))
    assert told(scene.parse()) == OWN


def test_all_transcripts_of_a_session_that_began_anew_are_read(scene: Scene) -> None:
    anew = NATIVE.replace("05:13:0", "05:13:1").replace("Go.", "Anew.").replace("s-1", "s-2").replace('"c-1"', '"c-2"')
    paths = (scene.native(NATIVE), scene.native(anew, "s-2"))
    scene.hooks(*(hook("SessionStart", "none", transcript_path=str(path)) for path in paths))
    found = scene.parse()
    assert ([event.text for event in found.events if event.kind == "prompt"], found.native_id) == (
        ["Go.", "Anew."],
        "s-2",
    )


def test_what_our_gate_denied_never_ran_whatever_the_cli_wrote(scene: Scene) -> None:
    scene.native(NATIVE)
    scene.hooks(PROMPT, DENIED)
    assert [(e.kind, e.denied) for e in scene.parse().events] == [
        ("prompt", False),
        ("message", False),
        ("command", True),
        ("tool result", True),
    ]


@pytest.mark.parametrize("is_native", [True, False])
def test_a_denied_call_that_the_cli_wrote_nowhere_is_told_by_the_hook(is_native: bool, scene: Scene) -> None:
    scene.native(NATIVE if is_native else "")
    scene.printed(STREAM)
    scene.hooks(PROMPT, UNTOLD)
    denied = [(event.text, event.denied) for event in scene.parse().events if event.source == "hooks"]
    assert denied == [("rm -rf /", True)]


def test_it_stands_where_it_happened(scene: Scene) -> None:
    scene.native(NATIVE)
    scene.hooks(UNTOLD)
    assert [event.kind for event in scene.parse().events] == ["prompt", "command", "message", "command", "tool result"]


def test_an_error_that_a_cli_tells_twice_is_one(scene: Scene) -> None:
    scene.printed(FAILED)
    assert told(scene.parse()) == [("error", "API Error: 400", "structured")]


@pytest.mark.parametrize("other", [STREAM, "Plain.\n"])
def test_the_stream_of_a_terminal_is_a_screen_and_no_structured_output(other: str, scene: Scene) -> None:
    scene.printed(other, on_tty=True)
    assert scene.parse().evidence == "screen"


@pytest.mark.parametrize(
    ("native", "printed", "expected"),
    [
        ('{"type":"new","kind":"prompt"}\n', "", ("native",)),
        ("nonsense\n", "", ("native",)),
        ("", '{"type":"system","subtype":"init"}\n{"type":"new"}\n', ("structured",)),
        ("nonsense\n", '{"type":"system","subtype":"init"}\n', ("native", "structured")),
        (NATIVE, STREAM, ()),
        ("", "Plain.\n", ()),
    ],
)
def test_a_source_that_held_something_but_no_events_has_drifted(
    native: str, printed: str, expected: tuple[str, ...], scene: Scene
) -> None:
    scene.native(native)
    scene.printed(printed)
    assert scene.parse().drift == expected


def test_coverage_says_what_was_looked_at(scene: Scene) -> None:
    scene.native(NATIVE + "{")
    scene.hooks(PROMPT, DENIED, "{")
    scene.printed(STREAM)
    scene.capture = replace(scene.capture, gap_bytes=7)
    assert scene.parse().coverage == {
        "gap_bytes": 7,
        "native": "claude 9.9, 4 events",
        "native_broken_lines": 1,
        "structured": "1 events",
        "hooks": "2 calls",
        "hooks_broken_lines": 1,
        "screen": "stripped, 4 lines, whole",
    }


@pytest.mark.parametrize("name", ["gemini", "of a later version"])
def test_a_cli_that_is_not_hooked_or_not_known_is_read_from_its_screen(name: str, scene: Scene) -> None:
    scene.printed("Hello.")
    scene.capture = replace(scene.capture, cli=name)
    found = scene.parse()
    assert (found.evidence, found.coverage["hooks"], [e.kind for e in found.events]) == (
        "screen",
        "not hooked yet",
        ["message"],
    )


def test_a_cut_recording_is_told(scene: Scene) -> None:
    scene.printed(*("line\n" for _ in range(5000)))
    assert scene.capture.recording is not None
    scene.capture.recording.write_bytes(scene.capture.recording.read_bytes()[:-20])
    assert str(scene.parse().coverage["screen"]).endswith(", cut")


@settings(deadline=None, max_examples=50)
@given(cuts=st.sets(st.integers(1, len(STREAM) - 1)))
def test_any_chunking_of_the_same_recording_parses_the_same(
    cuts: set[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    scene = Scene(tmp_path_factory.getbasetemp())
    scene.printed(STREAM)
    whole = scene.parse()
    places = (0, *sorted(cuts), len(STREAM))
    scene.printed(*(STREAM[start:end] for start, end in pairwise(places)))
    assert scene.parse() == whole
