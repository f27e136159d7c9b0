"""Four model APIs: how each offers tools, and how it streams an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from model.turns import Json, NamedCall, Tool, fresh

Sse = tuple[str, Json]
"""Event name ('' for none) and payload."""


@dataclass(frozen=True)
class Answer:
    """Text and calls, in the CLI's own terms."""

    model: str
    text: str
    calls: tuple[NamedCall, ...] = ()


def items(value: object) -> list[Json]:
    """A list of objects out of untyped JSON."""
    return [x for x in value if isinstance(x, dict)] if isinstance(value, list) else []


def mapping(value: object) -> Json:
    """An object out of untyped JSON."""
    return value if isinstance(value, dict) else {}


# ---- Anthropic Messages


def anthropic_tools(body: Json) -> list[Tool]:
    """Tools of a Messages request."""
    return [Tool(str(t.get("name")), mapping(t.get("input_schema"))) for t in items(body.get("tools"))]


def anthropic_answer(answer: Answer) -> Json:
    """A whole Messages answer."""
    content: list[Json] = [{"type": "text", "text": answer.text}] if answer.text else []
    content += [{"type": "tool_use", "id": c.id, "name": c.name, "input": c.arguments} for c in answer.calls]
    return {
        "id": fresh("msg"),
        "type": "message",
        "role": "assistant",
        "model": answer.model,
        "content": content,
        "stop_reason": "tool_use" if answer.calls else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 120, "output_tokens": 30},
    }


def anthropic_stream(answer: Answer) -> Iterator[Sse]:
    """A Messages answer as events."""
    whole = anthropic_answer(answer)
    yield event("message_start", message={**whole, "content": [], "stop_reason": None})
    for index, block in enumerate(items(whole["content"])):
        if block["type"] == "text":
            start: Json = {"type": "text", "text": ""}
            delta: Json = {"type": "text_delta", "text": block["text"]}
        else:
            start = {**block, "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        yield event("content_block_start", index=index, content_block=start)
        yield event("content_block_delta", index=index, delta=delta)
        yield event("content_block_stop", index=index)
    stop = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    yield event("message_delta", delta=stop, usage={"output_tokens": 30})
    yield event("message_stop")


def event(kind: str, **payload: object) -> Sse:
    """A named event whose payload repeats its type."""
    return kind, {"type": kind, **payload}


# ---- OpenAI Responses


def responses_tools(body: Json) -> list[Tool]:
    """Tools of a Responses request: in its head, or as items of its input."""
    offered = items(body.get("tools"))
    for item in items(body.get("input")):
        if item.get("type") == "additional_tools":
            offered += items(item.get("tools"))
    flat = [t for tool in offered for t in (items(tool.get("tools")) if tool.get("type") == "namespace" else [tool])]
    return [
        Tool(str(t.get("name") or t.get("type")), mapping(t.get("parameters")), t.get("type") == "custom") for t in flat
    ]


def responses_answer(answer: Answer) -> Json:
    """A whole Responses answer."""
    output: list[Json] = []
    if answer.text:
        part = {"type": "output_text", "text": answer.text, "annotations": []}
        output.append(
            {"type": "message", "id": fresh("msg"), "role": "assistant", "status": "completed", "content": [part]}
        )
    for call in answer.calls:
        head: Json = {"id": fresh("fc"), "call_id": call.id, "name": call.name, "status": "completed"}
        if call.freeform is None:
            output.append({"type": "function_call", **head, "arguments": call.json})
        else:
            output.append({"type": "custom_tool_call", **head, "input": call.freeform})
    usage = {"input_tokens": 120, "output_tokens": 30, "total_tokens": 150}
    return {
        "id": fresh("resp"),
        "object": "response",
        "created_at": 1,
        "status": "completed",
        "model": answer.model,
        "output": output,
        "tools": [],
        "usage": usage,
    }


def responses_stream(answer: Answer) -> Iterator[Sse]:
    """A Responses answer as events."""
    whole = responses_answer(answer)
    yield event("response.created", response={**whole, "status": "in_progress", "output": [], "usage": None})
    for index, item in enumerate(items(whole["output"])):
        at = {"item_id": item["id"], "output_index": index}
        if item["type"] == "message":
            yield event("response.output_item.added", output_index=index, item={**item, "content": []})
            yield event("response.output_text.delta", **at, content_index=0, delta=answer.text)
        else:
            yield event("response.output_item.added", output_index=index, item=item)
        yield event("response.output_item.done", output_index=index, item=item)
    yield event("response.completed", response=whole)


# ---- OpenAI Chat Completions


def chat_tools(body: Json) -> list[Tool]:
    """Tools of a Chat Completions request."""
    functions = [mapping(t.get("function")) for t in items(body.get("tools"))]
    return [Tool(str(f.get("name")), mapping(f.get("parameters"))) for f in functions]


def chat_calls(answer: Answer) -> list[Json]:
    """Tool calls in the Chat Completions form."""
    return [
        {"index": i, "id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.json}}
        for i, c in enumerate(answer.calls)
    ]


def chat_answer(answer: Answer) -> Json:
    """A whole Chat Completions answer."""
    message: Json = {"role": "assistant", "content": answer.text or None}
    if answer.calls:
        message["tool_calls"] = chat_calls(answer)
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if answer.calls else "stop"}
    usage = {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150}
    return {
        "id": fresh("chat"),
        "object": "chat.completion",
        "created": 1,
        "model": answer.model,
        "choices": [choice],
        "usage": usage,
    }


def chat_stream(answer: Answer) -> Iterator[Sse]:
    """A Chat Completions answer as chunks."""
    whole = {**chat_answer(answer), "object": "chat.completion.chunk"}
    deltas: list[tuple[Json, str | None]] = [({"role": "assistant", "content": answer.text}, None)]
    if answer.calls:
        deltas.append(({"tool_calls": chat_calls(answer)}, None))
    deltas.append(({}, "tool_calls" if answer.calls else "stop"))
    for delta, finish in deltas:
        yield "", {**whole, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


# ---- Gemini


def gemini_tools(body: Json) -> list[Tool]:
    """Tools of a generateContent request."""
    declared = [d for tool in items(body.get("tools")) for d in items(tool.get("functionDeclarations"))]
    return [Tool(str(d.get("name")), mapping(d.get("parametersJsonSchema") or d.get("parameters"))) for d in declared]


def gemini_answer(answer: Answer) -> Json:
    """A whole generateContent answer."""
    parts: list[Json] = [{"text": answer.text}] if answer.text else []
    parts += [{"functionCall": {"id": c.id, "name": c.name, "args": c.arguments}} for c in answer.calls]
    candidate = {"index": 0, "content": {"role": "model", "parts": parts}, "finishReason": "STOP"}
    usage = {"promptTokenCount": 120, "candidatesTokenCount": 30, "totalTokenCount": 150}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": answer.model}


def gemini_stream(answer: Answer) -> Iterator[Sse]:
    """A generateContent answer, streamed in one piece."""
    yield "", gemini_answer(answer)
