"""What the guard finds out about itself: silent hooks, changed files of its own, sources that disagree."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from guardrail_proxy.guard_findings import guard_findings
from guardrail_proxy.home import Home
from guardrail_proxy.session import Capture, Event, Finding, Mode, Transcript
from guardrail_proxy.sidecar.facts import guard_hashes

HEARD = ({"event": "SessionStart"}, {"event": "PreToolUse", "decision": "allow"})
RAN = Event("command", "ls -l")


class Guarded:
    """A session's folder in a home whose files are there."""

    def __init__(self, root: Path) -> None:
        self.home, self.folder = Home(root), root / "sessions" / "s"
        self.folder.mkdir(parents=True)
        for name in ("shims/claude", "plans/claude.plan", "plans/claude/strict/hooks.json", "hook", "hot/shim.py"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(name)
        self.meta: dict[str, object] = {"hashes": guard_hashes(self.home, "claude"), "guard": str(root)}

    def found(
        self, *calls: object, mode: Mode = "strict", cli: str = "claude", transcript: Transcript | None = None
    ) -> list[Finding]:
        hooks = self.folder / "hooks.jsonl"
        hooks.write_text("".join(c if isinstance(c, str) else json.dumps(c) + "\n" for c in calls))
        capture = Capture("s", cli, mode, (), "/", self.folder, None, hooks if calls else None, 0, None, 0.0, 1.0)
        return list(guard_findings(capture, self.meta, transcript or Transcript((RAN,), "native")))

    def ids(self, *calls: object, mode: Mode = "strict", transcript: Transcript | None = None) -> list[str]:
        return [finding.id for finding in self.found(*calls, mode=mode, transcript=transcript)]


@pytest.fixture
def guarded(tmp_path: Path) -> Guarded:
    return Guarded(tmp_path)


def call(command: str, decision: str = "allow") -> dict[str, object]:
    payload = {"tool_name": "Bash", "tool_input": {"command": command}}
    return {"event": "PreToolUse", "decision": decision, "payload": payload}


def test_a_whole_guard_finds_nothing(guarded: Guarded) -> None:
    assert guarded.ids(*HEARD) == []


@pytest.mark.parametrize(
    "calls",
    [
        (),
        ({"event": "unreadable"},),
        ({"event": "GuardCommandRefused"},),
        ({"event": ""},),
        ('{"event": "SessionSt',),
        ("[]\n",),
        ({"event": "SessionStart"}, {"event": "UserPromptSubmit"}),
    ],
    ids=str,
)
def test_strict_hooks_that_never_saw_a_call_are_silent(guarded: Guarded, calls: tuple[object, ...]) -> None:
    (finding,) = guarded.found(*calls)
    assert (finding.id, finding.severity, guarded.ids(*calls, mode="standard")) == (
        "guard/hooks-silent",
        "critical",
        [],
    )


@pytest.mark.parametrize(
    "event", [Event("message", "hi"), Event("command", "ls", denied=True), Event("command", "ls", source="screen")]
)
def test_a_session_that_ran_no_command_needs_no_tool_call(guarded: Guarded, event: Event) -> None:
    assert guarded.ids({"event": "SessionStart"}, transcript=Transcript((event,), "native")) == []


def test_a_cli_without_hooks_is_not_called_silent(guarded: Guarded) -> None:
    assert [f.id for f in guarded.found(cli="gemini")] == ["guard/tampered"]


@pytest.mark.parametrize("name", ["shims/claude", "plans/claude/strict/hooks.json", "hook", "config.toml"])
@pytest.mark.parametrize("mode", ["standard", "strict"])
def test_a_file_of_the_guard_that_changed_or_appeared_is_tampering(guarded: Guarded, name: str, mode: Mode) -> None:
    (guarded.home.root / name).write_text("other")
    (finding,) = guarded.found(*HEARD, mode=mode)
    assert (finding.id, finding.severity, name in finding.message) == ("guard/tampered", "critical", True)


def test_a_file_of_the_guard_that_is_gone_is_tampering(guarded: Guarded) -> None:
    (guarded.home.root / "hook").unlink()
    assert guarded.ids(*HEARD) == ["guard/tampered"]


def test_without_the_hashes_of_the_start_strict_does_not_trust_the_files(guarded: Guarded) -> None:
    guarded.meta = {}
    assert (guarded.ids(*HEARD), guarded.ids(*HEARD, mode="standard")) == (["guard/tampered"], [])


def test_a_command_that_the_transcript_does_not_know_is_a_contradiction(guarded: Guarded) -> None:
    assert guarded.ids(call("ls -l"), call("rm x"), call("rm y")) == ["guard/evidence-contradiction"]


@pytest.mark.parametrize(
    "one",
    [call(" ls -l\n"), call("rm x", "deny"), call("echo [redacted:aws-access-key]"), {**call("x"), "payload": []}],
)
def test_what_was_known_denied_or_redacted_contradicts_nothing(guarded: Guarded, one: dict[str, object]) -> None:
    assert guarded.ids(one) == []


def test_only_a_native_transcript_can_be_contradicted(guarded: Guarded) -> None:
    assert guarded.ids(call("rm x"), transcript=Transcript((RAN,), "hooks")) == []


def test_a_source_that_could_not_be_read_is_drift(guarded: Guarded) -> None:
    found = guarded.found(*HEARD, transcript=Transcript((), "hooks", drift=("native",)))
    assert [(f.id, f.severity, f.fingerprint) for f in found] == [("guard/drift", "medium", "native")]


def executed(call_id: str, text: str, name: str = "Bash") -> tuple[Event, Event]:
    """A command that the CLI says it ran."""
    return Event("command", text, name=name, call_id=call_id), Event("tool result", "", name=name, call_id=call_id)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        (executed("c1", "touch x"), ["guard/call-not-judged"]),
        (executed("c1", "ls -l"), []),
        (executed("c1", "y\n", "write_stdin"), []),
        (executed("c1", "touch x")[:1], []),
        ((replace(executed("c1", "touch x")[0], denied=True), executed("c1", "touch x")[1]), []),
    ],
    ids=["never asked about", "the same words under another id", "typed into a judged one", "never ran", "denied"],
)
def test_strict_does_not_approve_a_command_that_never_came_to_the_gate(
    guarded: Guarded, events: tuple[Event, ...], found: list[str]
) -> None:
    transcript = Transcript((RAN, *events), "native")
    assert guarded.ids(*HEARD, call("ls -l"), transcript=transcript, mode="strict") == found


PROMPTED = (*HEARD, {"event": "UserPromptSubmit", "decision": "allow"})


@pytest.mark.parametrize(
    ("calls", "transcript", "expected"),
    [
        (PROMPTED, Transcript((RAN,), "hooks"), ["guard/no-transcript"]),
        (PROMPTED, Transcript((RAN,), "structured"), ["guard/no-transcript"]),
        (PROMPTED, Transcript((RAN,), "hooks", {"native": "claude 2, 1 events"}), []),
        (HEARD, Transcript((), "screen"), []),
        ((*HEARD, {"event": "UserPromptSubmit", "decision": "deny"}), Transcript((), "hooks"), []),
    ],
)
def test_an_answer_without_the_cli_s_own_transcript_is_not_approved(
    guarded: Guarded, calls: tuple[object, ...], transcript: Transcript, expected: list[str]
) -> None:
    assert guarded.ids(*calls, transcript=transcript) == expected
    assert guarded.ids(*calls, transcript=transcript, mode="standard") == []
