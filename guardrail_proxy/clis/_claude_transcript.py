"""WARM. Reads what Claude Code writes of a session: its transcript, sub-agents' transcripts, and stream-json."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from guardrail_proxy.cli import Parsed
from guardrail_proxy.parse.by_time import by_time
from guardrail_proxy.parse.lines import Lines, read_objects, text_objects
from guardrail_proxy.parse.newest import newest
from guardrail_proxy.parse.shape import JsonObject, as_count, as_flag, as_list, as_object, as_text, as_time, joined_text
from guardrail_proxy.parse.tool_calls import ToolCall, tool_events
from guardrail_proxy.session import Capture, Event, Source

EXIT_CODE = re.compile(r"\A(?:Error: )?Exit code (\d{1,3})\b")
REFUSED = re.compile(
    r"hook error|hook returned blocking|denied by|doesn't want to proceed|was rejected|requires approval"
    r"|permission to use|haven't granted it|was blocked\. For security|guardrail-proxy blocked",
    re.IGNORECASE,
)
"""How an error result says that the call never ran."""
OWN_TEXT = re.compile(
    r"\A\s*(?:<(?:command-|local-command|bash-|system-reminder|task-notification)|\[Request interrupted by user)"
)
"""What the CLI itself puts into the user's messages."""
STREAM = re.compile(r'^\[?\{\s{0,4}"type"\s{0,4}:\s{0,4}"(?:system|assistant|user|result)"', re.MULTILINE)
STREAM_STARTS_WITHIN = 4000
"""Characters: warnings on stderr may come first."""


def find_transcript(capture: Capture) -> Path | None:
    """The newest transcript of the session's folder that was written while it ran."""
    root = Path(capture.env.get("CLAUDE_CONFIG_DIR") or Path(capture.home) / ".claude")
    folder = root / "projects" / re.sub(r"[^A-Za-z0-9]", "-", capture.cwd)
    return newest(folder.glob("*.jsonl"), capture)


def parse_transcript(path: Path) -> Parsed:
    """The events of a transcript and of its sub-agents, by time."""
    parsed = _parsed(read_objects(path), "native")
    for side in sorted(path.with_suffix("").glob("subagents/*.jsonl")):
        agent = side.stem.removeprefix("agent-")
        more = read_objects(side)
        events = tuple(replace(event, agent_path=agent) for event in _events(more, "native"))
        parsed = replace(
            parsed,
            events=by_time(parsed.events, events),
            lines=parsed.lines + len(more.objects),
            broken_lines=parsed.broken_lines + more.broken,
        )
    return parsed


def parse_structured(text: str) -> Parsed:
    """The events of ``--output-format stream-json`` or ``json``; () when the text is neither."""
    is_stream = STREAM.search(text[:STREAM_STARTS_WITHIN])
    return _parsed(text_objects(text), "structured") if is_stream else Parsed(())


def _parsed(lines: Lines, source: Source) -> Parsed:
    first: dict[str, str] = {}
    for entry in lines.objects:
        message = as_object(entry.get("message"))
        found = {
            "id": as_text(entry.get("sessionId")) or as_text(entry.get("session_id")),
            "version": as_text(entry.get("version")) or as_text(entry.get("claude_code_version")),
            "model": as_text(message.get("model")) or as_text(entry.get("model")),
        }
        for key, value in found.items():
            if value and value != "<synthetic>":
                first.setdefault(key, value)
    return Parsed(
        tuple(_events(lines, source)),
        first.get("id", ""),
        first.get("model", ""),
        first.get("version", ""),
        len(lines.objects),
        lines.broken,
    )


def _events(lines: Lines, source: Source) -> Iterator[Event]:
    answered: set[str] = set()
    events = [event for entry in lines.objects for event in _entry(entry, source, answered)]
    refused = {event.call_id for event in events if event.kind == "tool result" and event.denied} - {""}
    last_usage = {event.call_id: at for at, event in enumerate(events) if event.kind == "usage"}
    for at, event in enumerate(events):
        if event.kind != "usage":
            yield replace(event, denied=True) if event.call_id in refused else event
        elif not event.call_id or last_usage[event.call_id] == at:  # each part of a message has one, the last is whole
            yield replace(event, call_id="")


def _entry(entry: JsonObject, source: Source, answered: set[str]) -> Iterator[Event]:
    like = Event("message", "", as_time(entry.get("timestamp")), source, agent_path=_agent(entry))
    match entry.get("type"):
        case "user":
            yield from _user(entry, like)
        case "assistant":
            yield from _assistant(entry, like, answered)
        case "attachment":  # what the user typed while the model was busy
            queued = as_object(entry.get("attachment"))
            if queued.get("type") == "queued_command":
                yield from _prompt(joined_text(queued.get("prompt"), "text"), like)
        case "result" if entry.get("is_error") is True:
            yield replace(like, kind="error", text=as_text(entry.get("result")) or as_text(entry.get("subtype")))
        case "result" if not answered:  # --output-format json: the answer is only here
            yield replace(like, text=as_text(entry.get("result")))
            yield from _usage(entry.get("usage"), like)


def _agent(entry: JsonObject) -> str:
    is_side = entry.get("isSidechain") is True
    return as_text(entry.get("agentId")) if is_side else as_text(entry.get("parent_tool_use_id"))


def _user(entry: JsonObject, like: Event) -> Iterator[Event]:
    content = as_object(entry.get("message")).get("content")
    for part in as_list(content):
        value = as_object(part)
        if value.get("type") == "tool_result":
            yield _result(value, like)
    if not entry.get("isMeta") and not entry.get("isCompactSummary"):
        yield from _prompt(joined_text(content, "text"), like)


def _prompt(text: str, like: Event) -> Iterator[Event]:
    if text.strip() and not OWN_TEXT.match(text):
        yield replace(like, kind="prompt", text=text)


def _result(part: JsonObject, like: Event) -> Event:
    text = joined_text(part.get("content"), "text")
    is_error = as_flag(part.get("is_error")) or False
    code = EXIT_CODE.match(text)
    return replace(
        like,
        kind="tool result",
        text=text,
        call_id=as_text(part.get("tool_use_id")),
        ok=not is_error,
        exit_code=int(code[1]) if code and is_error else None,
        denied=is_error and not code and bool(REFUSED.search(text[:2000])),
    )


def _assistant(entry: JsonObject, like: Event, answered: set[str]) -> Iterator[Event]:
    message = as_object(entry.get("message"))
    model = as_text(message.get("model"))
    is_error = entry.get("isApiErrorMessage") is True or (model == "<synthetic>" and "error" in entry)
    for part in as_list(message.get("content")):
        value = as_object(part)
        if value.get("type") == "text" and as_text(value.get("text")).strip():
            yield replace(like, kind="error" if is_error else "message", text=as_text(value.get("text")), model=model)
        elif value.get("type") in ("tool_use", "server_tool_use"):
            call = ToolCall(as_text(value.get("name")), value.get("input"))
            yield from tool_events(call, replace(like, call_id=as_text(value.get("id")), model=model))
    if not is_error:
        answered.add(as_text(message.get("id")))
        yield from _usage(message.get("usage"), replace(like, call_id=as_text(message.get("id")), model=model))


def _usage(value: object, like: Event) -> Iterator[Event]:
    usage = as_object(value)
    if not usage:
        return
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    tokens_in = sum(as_count(usage.get(name)) or 0 for name in names)
    yield replace(like, kind="usage", tokens_in=tokens_in, tokens_out=as_count(usage.get("output_tokens")))
