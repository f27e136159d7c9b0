"""WARM. Reads what codex writes of a session: its rollout file, and ``exec --json``."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from guardrail_proxy.cli import Parsed
from guardrail_proxy.parse.lines import Lines, read_objects, text_objects
from guardrail_proxy.parse.shape import JsonObject, as_count, as_list, as_object, as_text, as_time, joined_text
from guardrail_proxy.parse.tool_calls import ToolCall, argv_line, tool_events
from guardrail_proxy.session import Event, Source

EXIT_CODE = re.compile(r"(?:Process exited with code|Exit code:) (-?\d{1,3})\b")
RAN = re.compile(r"Script (?:completed|running)\b|Chunk ID:|Wall time\b|Process running\b|Exit code:")
"""How the result of a call that ran begins; what it printed may hold any word."""
REFUSED = re.compile(r"blocked by|denied|rejected by|rejected:|was not approved", re.IGNORECASE)
FAILED = re.compile(r"(?:Script|\w{1,40} verification|\w{1,40}) failed\b|failed to ")
OWN_TEXT = re.compile(r"\A\s*(?:<(?:environment_context|user_instructions|permissions|turn_aborted|hook)|# AGENTS\.md)")
CODE_MODE = "exec"
"""The tool of models that call all others from JavaScript; the calls inside have items of their own."""
CALLS = {"function_call": "arguments", "custom_tool_call": "input", "local_shell_call": "action"}
RESULTS = ("function_call_output", "custom_tool_call_output")


def parse_transcript(path: Path) -> Parsed:
    """The events of a rollout."""
    lines = read_objects(path)
    events = _bound(_native(lines))
    first: dict[str, str] = {}
    for entry in lines.objects:
        payload = as_object(entry.get("payload"))
        for key, name in (("id", "id"), ("cli_version", "version"), ("model", "model")):
            is_told = entry.get("type") == ("turn_context" if key == "model" else "session_meta")
            if is_told and as_text(payload.get(key)):
                first.setdefault(name, as_text(payload.get(key)))
    return Parsed(
        tuple(events),
        first.get("id", ""),
        first.get("model", ""),
        first.get("version", ""),
        len(lines.objects),
        lines.broken,
    )


def parse_structured(text: str) -> Parsed:
    """The events of ``codex exec --json``; () when the text is none."""
    if '"thread.started"' not in text[:10_000]:
        return Parsed(())
    lines = text_objects(text)
    events = _bound([event for entry in lines.objects for event in _streamed(entry)])
    native_id = next((as_text(o.get("thread_id")) for o in lines.objects if o.get("thread_id")), "")
    return Parsed(tuple(events), native_id, lines=len(lines.objects), broken_lines=lines.broken)


def _native(lines: Lines) -> list[Event]:
    events: list[Event] = []
    called: set[str] = set()
    total: object = None
    for entry in lines.objects:
        like = Event("message", "", as_time(entry.get("timestamp")))
        payload = as_object(entry.get("payload"))
        if payload.get("type") == "token_count":  # told again whenever a rate limit changes
            known, total = total, as_object(payload.get("info")).get("total_token_usage")
            if total is not None and total == known:
                continue
        match entry.get("type"):
            case "response_item":
                events += _response_item(payload, like, called)
            case "event_msg":
                events += _message(payload, like, called)
    return events


def _response_item(item: JsonObject, like: Event, called: set[str]) -> Iterator[Event]:
    kind, role = as_text(item.get("type")), item.get("role")
    text = joined_text(item.get("content"))
    like = replace(like, call_id=as_text(item.get("call_id")))
    if kind == "message" and role == "assistant" and text.strip():
        yield replace(like, text=text)
    elif kind == "message" and role == "user" and not OWN_TEXT.match(text):
        yield replace(like, kind="prompt", text=text)
    elif kind in CALLS:
        called.add(like.call_id)
        yield from tool_events(_call(item, CALLS[kind]), like)
    elif kind in RESULTS:
        yield _result(_output(item.get("output")), like)


def _call(item: JsonObject, key: str) -> ToolCall:
    value = item.get(key)
    name = as_text(item.get("name")) or "local_shell"
    if key == "arguments":
        try:
            value = json.loads(as_text(value))
        except (ValueError, RecursionError):
            value = as_text(item.get(key))
    return ToolCall(name, value)


def _output(output: object) -> str:
    """The text of a tool's output: a string, or parts."""
    value = as_object(output)
    return joined_text(value.get("content")) if value else joined_text(output)


def _result(text: str, like: Event) -> Event:
    code = EXIT_CODE.search(text[:500])
    status = int(code[1]) if code else None
    is_refused = code is None and not RAN.match(text) and bool(REFUSED.search(text[:500]))
    is_failed = is_refused or bool(FAILED.match(text))
    ok = status == 0 if status is not None else False if is_failed else None
    return replace(like, kind="tool result", text=text, exit_code=status, ok=ok, denied=is_refused)


def _message(payload: JsonObject, like: Event, called: set[str]) -> Iterator[Event]:
    match payload.get("type"):
        case "item_completed":
            yield from _item(as_object(payload.get("item")), like, called)
        case "token_count":
            usage = as_object(as_object(payload.get("info")).get("last_token_usage"))
            yield from _usage(usage, like)
        case "task_complete" if payload.get("error"):
            yield replace(like, kind="error", text=as_text(as_object(payload.get("error")).get("message")))
        case "error" | "stream_error":
            yield replace(like, kind="error", text=as_text(payload.get("message")))


def _item(item: JsonObject, like: Event, called: set[str]) -> Iterator[Event]:
    """A finished item: of a call that the model made itself only the exit status is news."""
    call_id = as_text(item.get("id"))
    like = replace(like, call_id=call_id)
    is_known = call_id in called
    if item.get("type") == "CommandExecution":
        if not is_known:
            words = [as_text(word) for word in as_list(item.get("command"))]
            yield replace(like, kind="command", text=argv_line(words), name="Bash")
        yield _finished(item, like)
    elif item.get("type") == "FileChange" and not is_known:
        for path, change in as_object(item.get("changes")).items():
            yield replace(like, kind="file write", path=path, text=_added(as_object(change)), name="apply_patch")
        yield _finished(item, like)


def _finished(item: JsonObject, like: Event) -> Event:
    status = as_count(item.get("exit_code"))
    failed = item.get("status") in ("failed", "declined")
    text = as_text(item.get("aggregated_output")) or as_text(item.get("stdout")) + as_text(item.get("stderr"))
    ok = status == 0 if status is not None else not failed
    denied = item.get("status") == "declined"
    return replace(like, kind="tool result", text=text, exit_code=status, ok=ok, denied=denied)


def _added(change: JsonObject) -> str:
    diff = as_text(change.get("unified_diff"))
    lines = [line[1:] for line in diff.splitlines() if line.startswith("+") and not line.startswith("+++")]
    return as_text(change.get("content")) or "".join(f"{line}\n" for line in lines)


def _usage(usage: JsonObject, like: Event) -> Iterator[Event]:
    if usage:
        tokens = as_count(usage.get("input_tokens")), as_count(usage.get("output_tokens"))
        yield replace(like, kind="usage", tokens_in=tokens[0], tokens_out=tokens[1])


def _bound(events: list[Event]) -> list[Event]:
    """Events with one result a call, the one that knows the exit status; refused calls marked."""
    best: dict[str, Event] = {}
    for event in events:
        if event.kind == "tool result":
            known = best.get(event.call_id)
            best[event.call_id] = event if known is None else _better(known, event)
    refused = {call_id for call_id, event in best.items() if event.denied}
    kept: list[Event] = []
    for event in events:
        if event.kind == "tool result" and event.call_id:
            if event.call_id in best:
                kept.append(best.pop(event.call_id))
        else:
            kept.append(replace(event, denied=True) if event.call_id and event.call_id in refused else event)
    return kept


def _better(one: Event, other: Event) -> Event:
    status = one.exit_code if one.exit_code is not None else other.exit_code
    ok = one.ok if one.ok is not None else other.ok
    text = max(one.text, other.text, key=len)
    return replace(one, text=text, exit_code=status, ok=ok, denied=one.denied or other.denied)


def _streamed(entry: JsonObject) -> Iterator[Event]:
    source: Source = "structured"
    like = Event("message", "", source=source)
    item = as_object(entry.get("item"))
    if entry.get("type") == "item.completed":
        yield from _streamed_item(item, replace(like, call_id=as_text(item.get("id"))))
    elif entry.get("type") == "turn.completed":
        yield from _usage(as_object(entry.get("usage")), like)
    elif entry.get("type") in ("error", "turn.failed"):
        text = as_text(entry.get("message")) or as_text(as_object(entry.get("error")).get("message"))
        yield replace(like, kind="error", text=text)


def _inner_line(command: str) -> str:
    """``echo`` of ``/bin/bash -lc echo``, as the rollout has it."""
    try:
        words = shlex.split(command)
    except ValueError:
        return command
    return argv_line(words) if len(words) == 3 and words[1] in ("-c", "-lc") else command


def _streamed_item(item: JsonObject, like: Event) -> Iterator[Event]:
    match item.get("type"):
        case "agent_message":
            yield replace(like, call_id="", text=as_text(item.get("text")))
        case "error":
            yield replace(like, call_id="", kind="error", text=as_text(item.get("message")))
        case "command_execution":
            yield replace(like, kind="command", text=_inner_line(as_text(item.get("command"))), name="Bash")
            yield _finished(item, like)
        case "file_change":
            for change in as_list(item.get("changes")):
                path = as_text(as_object(change).get("path"))
                yield replace(like, kind="file write", path=path, name="apply_patch")
            yield _finished(item, like)
