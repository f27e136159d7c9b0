"""WARM. The tool-call gate: one hook payload in, what the CLI's hook shall do out."""

import json
from dataclasses import dataclass
from pathlib import Path

from guardrail_proxy.cli import find_cli
from guardrail_proxy.enforce import enforce
from guardrail_proxy.parse.hook_calls import NOWHERE, Folders, hook_call_events
from guardrail_proxy.parse.tool_calls import SHELLS
from guardrail_proxy.session import Event, Finding, Mode, Transcript
from guardrail_proxy.validate import validate
from guardrail_proxy.validate.typed_input import takes_orders

REMEDY = "Do not try another way to do the same thing; tell the user if it is really needed."

TYPED_INTO = Finding(
    "guard/unjudged-input",
    "violation",
    "critical",
    "a program that takes its orders from what is typed into it, which no hook is asked about",
    fingerprint="write_stdin",
    fix="say what to run in the command itself: bash -c '...', python3 -c '...', or a file",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the hook process does, and what is recorded of it."""

    status: int = 0
    out: str = ""
    err: str = ""
    event: str = ""
    decision: str = "none"
    rules: tuple[str, ...] = ()
    reason: str = ""
    payload: dict[str, object] | None = None
    findings: tuple[Finding, ...] = ()

    def frame(self) -> bytes:
        """As the hook client reads it: length, status, stdout, NUL, stderr."""
        body = bytes((self.status,)) + self.out.encode() + b"\0" + self.err.encode()
        return len(body).to_bytes(4, "little") + body


@dataclass(frozen=True, slots=True)
class Gate:
    """Judges one session's hook calls. ``plan_folder`` holds context.md, ``folder`` a role.md where one is played."""

    cli: str
    mode: Mode
    plan_folder: Path
    folder: Path | None = None
    folders: Folders = NOWHERE

    def answer(self, data: bytes) -> Answer:
        """The answer to one payload; what cannot be read is denied in strict."""
        try:
            payload = json.loads(data)
        except (ValueError, RecursionError):
            return self.unreadable("the hook's payload is not JSON")
        if not isinstance(payload, dict):
            return self.unreadable("the hook's payload is no JSON object")
        event = payload.get("hook_event_name")
        if not isinstance(event, str) or not event:
            return self.unreadable("the hook's payload names no event")
        if event == "PreToolUse" and not says_what_runs(payload):
            return self.unreadable("the hook's payload does not say what the tool will do")
        match event:
            case "SessionStart":
                return Answer(out=self._context(), event=event, payload=payload)
            case "PreToolUse" | "UserPromptSubmit":
                return self._judged(event, payload)
            case _:
                return Answer(event=event, payload=payload)

    def _context(self) -> str:
        files = (self.plan_folder / "context.md", *((self.folder / "role.md",) if self.folder else ()))
        text = "\n".join(filter(None, map(_text, files)))
        if not text:
            return ""
        return json.dumps({"hookSpecificOutput": {"hookEventName": "SessionStart", "additionalContext": text}})

    def _judged(self, event: str, payload: dict[str, object]) -> Answer:
        events = hook_call_events(self.cli, event, payload, self.folders)
        findings = (*validate(Transcript(events)), *self._unjudged_input(events))
        stopping = event == "UserPromptSubmit" and any(
            f.category == "secrets" and f.severity != "low" for f in findings
        )
        verdict = enforce("strict", findings, "hooks")
        rules = tuple(dict.fromkeys(f.id for f in findings))
        if (verdict.approved and not stopping) or self.mode == "standard":
            return Answer(event=event, decision="allow", rules=rules, payload=payload, findings=findings)
        reason = reason_for_model(findings)
        out = denial(reason) if event == "PreToolUse" else json.dumps({"decision": "block", "reason": reason})
        return Answer(0, out, "", event, "deny", rules, reason, payload, findings)

    def _unjudged_input(self, events: tuple[Event, ...]) -> tuple[Finding, ...]:
        """A program that would be told what to do by a tool that never asks us."""
        cli = find_cli(self.cli)
        if self.mode == "standard" or not cli or not cli.types_unjudged:
            return ()
        lines = (event.text for event in events if event.kind == "command")
        return (TYPED_INTO,) if any(takes_orders(line) for line in lines) else ()

    def unreadable(self, why: str) -> Answer:
        """The answer to what cannot be judged: strict denies."""
        if self.mode == "standard":
            return Answer(event="unreadable", decision="allow", reason=why, payload={})
        text = f"guardrail-proxy blocked this: {why}\n"
        return Answer(2, "", text, "unreadable", "deny", ("guard/unreadable-hook",), why, {})


def _text(path: Path) -> str:
    """'' for a file that is not there."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""


def says_what_runs(payload: dict[str, object]) -> bool:
    """Whether a tool call has the shape that we know; a shell's has its command where we look for it."""
    name, given = payload.get("tool_name"), payload.get("tool_input")
    if not isinstance(name, str) or not name:
        return False
    wanted = {*SHELLS.get(name, ())} - {"chars"}  # the text for a program that runs already may be left out
    return not wanted or isinstance(given, str) or (isinstance(given, dict) and any(given.get(key) for key in wanted))


def denial(reason: str) -> str:
    """A PreToolUse denial as claude and codex read it."""
    decision = {"hookEventName": "PreToolUse", "permissionDecision": "deny", "permissionDecisionReason": reason}
    return json.dumps({"hookSpecificOutput": decision})


def reason_for_model(findings: tuple[Finding, ...]) -> str:
    """Names the rules and their remedies; never quotes the session."""
    worst = [f for f in findings if f.severity == "critical"] or list(findings)
    said = [f"{f.id}: {f.fix}" for f in {f.id: f for f in worst}.values()]
    return f"guardrail-proxy blocked this call. {' '.join(said)} {REMEDY}"
