"""COLD. What the guard found out about itself: silent hooks, changed files of its own, sources that disagree."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from guardrail_proxy.cli import find_cli
from guardrail_proxy.home import Home
from guardrail_proxy.parse.shape import as_object, as_text
from guardrail_proxy.session import Capture, Finding, Transcript
from guardrail_proxy.sidecar.facts import guard_hashes

HASHES_CHANGED = "guard/tampered"
FROM_THE_CLI = frozenset({"SessionStart", "UserPromptSubmit", "PreToolUse"})
"""What a CLI's own hooks say; commands of ours say something on the same socket."""
WITHOUT_HOOKS = frozenset({"write_stdin"})
"""Tools for which codex 0.169 calls no hook: they type into a command that was judged."""
REDACTED = "[redacted:"


def guard_findings(capture: Capture, meta: dict[str, object], transcript: Transcript) -> tuple[Finding, ...]:
    """Findings about this session's guard."""
    return (
        *hooks_silent(capture, transcript),
        *tampered(capture, meta),
        *contradicting(capture, transcript),
        *not_judged(capture, transcript),
        *without_transcript(capture, transcript),
        *drifting(transcript),
    )


def hooks_silent(capture: Capture, transcript: Transcript) -> Iterator[Finding]:
    """Strict, a CLI whose hooks we installed, and no call, or none before a command: nobody watched the tool calls."""
    cli = find_cli(capture.cli)
    if capture.mode != "strict" or cli is None or not cli.hooked:
        return
    heard = {str(line.get("event")) for line in hook_lines(capture)} & FROM_THE_CLI
    if not heard or ("PreToolUse" not in heard and ran_a_command(transcript)):
        yield Finding(
            "guard/hooks-silent",
            "violation",
            "critical",
            "the CLI never called the guard's hooks, so its tool calls were not judged",
            fingerprint=capture.cli,
            fix="run guardrail-proxy doctor; look for settings that switch hooks off",
        )


def ran_a_command(transcript: Transcript) -> bool:
    """Whether the CLI itself tells of a command that was not denied."""
    return any(e.kind == "command" and e.source in ("native", "structured") and not e.denied for e in transcript.events)


def tampered(capture: Capture, meta: dict[str, object]) -> Iterator[Finding]:
    """Files the guard stands on that are not what they were at the start; in strict also when nobody can tell."""
    before = meta.get("hashes")
    if not isinstance(before, dict):
        if capture.mode == "strict":
            yield Finding(
                HASHES_CHANGED,
                "violation",
                "critical",
                "what the guard noted of its own files at the start is gone, so they could not be compared",
                fingerprint="meta.json",
                fix="look at what the session did to its folder in the guardrail home",
            )
        return
    now = guard_hashes(Home(capture.folder.parent.parent), capture.cli)
    changed = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
    if changed:
        yield Finding(
            HASHES_CHANGED,
            "violation",
            "critical",
            f"files of the guard changed during the session: {', '.join(changed[:5])}",
            fingerprint=",".join(changed[:5]),
            fix="run guardrail-proxy install again and look at what the session did",
        )


def without_transcript(capture: Capture, transcript: Transcript) -> Iterator[Finding]:
    """Strict: a prompt was answered and the CLI kept no transcript: in what we recorded secrets are masked."""
    is_kept = transcript.evidence == "native" or "native" in transcript.coverage
    prompts = (line for line in hook_lines(capture) if line.get("event") == "UserPromptSubmit")
    if capture.mode == "strict" and not is_kept and any(line.get("decision") != "deny" for line in prompts):
        yield Finding(
            "guard/no-transcript",
            "violation",
            "critical",
            "the CLI kept no transcript, so what it said and what its tools answered could not be looked at",
            fingerprint=capture.cli,
            fix="leave out what keeps the CLI from writing its transcript (--no-session-persistence, --ephemeral)",
        )


def contradicting(capture: Capture, transcript: Transcript) -> Iterator[Finding]:
    """A call that the hooks let run and the native transcript does not know."""
    if transcript.evidence != "native":
        return
    ids = {event.call_id for event in transcript.events if event.call_id}
    known = "\n".join(event.text for event in transcript.events)
    for call in allowed_calls(capture):
        if call.id not in ids and call.command and call.command.strip() not in known:
            yield Finding(
                "guard/evidence-contradiction",
                "violation",
                "high",
                "a tool call that the hooks saw is missing in the CLI's own transcript",
                fingerprint=capture.cli,
                fix="compare hooks.jsonl with the transcript",
            )
            return


def not_judged(capture: Capture, transcript: Transcript) -> Iterator[Finding]:
    """Strict: a command that the CLI itself says it ran, and that never came to the gate."""
    if capture.mode != "strict" or transcript.evidence != "native":
        return
    calls = allowed_calls(capture)
    ids, commands = {call.id for call in calls}, "\n".join(call.command for call in calls)
    answered = {event.call_id for event in transcript.events if event.kind == "tool result"}
    for seq, event in enumerate(transcript.events):
        is_run = event.kind == "command" and event.source == "native" and not event.denied
        is_ours = event.name not in WITHOUT_HOOKS and event.call_id in answered - {""}
        if is_run and is_ours and event.call_id not in ids and event.text.strip() not in commands:
            yield Finding(
                "guard/call-not-judged",
                "violation",
                "critical",
                "a command ran that the guard's hook was never asked about",
                event_seq=seq,
                fingerprint=capture.cli,
                fix="run guardrail-proxy doctor; look for what kept the hook from answering in time",
            )
            return


@dataclass(frozen=True, slots=True)
class _Allowed:
    id: str
    command: str


def allowed_calls(capture: Capture) -> list[_Allowed]:
    """The tool calls that the gate let run, redacted as they were stored."""
    found = []
    for line in hook_lines(capture):
        payload = as_object(line.get("payload"))
        if line.get("event") == "PreToolUse" and line.get("decision") == "allow":
            command = as_text(as_object(payload.get("tool_input")).get("command"))
            found.append(_Allowed(as_text(payload.get("tool_use_id")), command if REDACTED not in command else ""))
    return found


def drifting(transcript: Transcript) -> Iterator[Finding]:
    """A source that was there and could not be read."""
    for source in transcript.drift:
        yield Finding(
            "guard/drift",
            "violation",
            "medium",
            f"the source {source} held data but no event could be read from it: its format may have changed",
            fingerprint=source,
            fix="update guardrail-proxy",
        )


def hook_lines(capture: Capture) -> list[dict[str, object]]:
    """The hook calls of the session; a torn line is left out."""
    if capture.hook_events is None:
        return []
    found = []
    for line in capture.hook_events.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict) and value.get("event") != "unreadable":
            found.append(value)
    return found
