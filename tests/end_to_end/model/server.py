"""The server: hands out scripted turns to the main conversation, harmless answers to side requests, and keeps a log."""

from __future__ import annotations

import gzip
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from model import wires
from model.turns import NAMES, Json, Tool, Turn, filler, named

SIDE_QUESTIONS = re.compile(
    r"\[SUGGESTION MODE:|Managed memory directory:|Summarize this coding conversation"
    r"|[Gg]enerate a (?:short|brief|concise)[^.]{0,60} title|The user stepped away and is coming back"
)
"""Asked over the main conversation's own tools, so only their words give them away."""


def side_answer(body: Json) -> str:
    """A harmless answer: of the form that the request wants, where it wants one."""
    config = wires.mapping(body.get("generationConfig"))
    schema = config.get("responseJsonSchema") or config.get("responseSchema")
    return json.dumps(filler(schema)) if schema else "ok"


@dataclass(frozen=True)
class Wire:
    """One API: its endpoint's end, and how it reads and answers."""

    endpoint: str
    tools: Callable[[Json], list[Tool]]
    answer: Callable[[wires.Answer], Json]
    stream: Callable[[wires.Answer], Iterator[wires.Sse]]


WIRES = (
    Wire("/messages", wires.anthropic_tools, wires.anthropic_answer, wires.anthropic_stream),
    Wire("/responses", wires.responses_tools, wires.responses_answer, wires.responses_stream),
    Wire("/chat/completions", wires.chat_tools, wires.chat_answer, wires.chat_stream),
    Wire(":streamGenerateContent", wires.gemini_tools, wires.gemini_answer, wires.gemini_stream),
    Wire(":generateContent", wires.gemini_tools, wires.gemini_answer, wires.gemini_stream),
)


class ModelServer(ThreadingHTTPServer):
    """A model that plays ``turns`` once, then says it has no more. ``requests`` holds the main requests' bodies."""

    daemon_threads = True

    def __init__(self, turns: tuple[Turn, ...]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.turns = list(turns)
        self.used = 0
        self.requests: list[Json] = []
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """Where the model is."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def next_turn(self, body: Json) -> Turn:
        """The next scripted answer; errors stay, so that retries meet them too."""
        with self._lock:
            self.requests.append(body)
            if self.used >= len(self.turns):
                return Turn("The script has no more turns.")
            turn = self.turns[self.used]
            self.used += 0 if turn.error else 1
            return turn

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Interrupted CLIs hang up; that is no error of the test."""
        del request, client_address


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ModelServer

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def do_HEAD(self) -> None:
        self._json(200, {})

    def do_GET(self) -> None:
        known = self.path.split("?")[0].endswith("/models")
        self._json(200 if known else 404, {"data": [], "models": [], "object": "list"})

    def do_POST(self) -> None:
        path = self.path.split("?")[0]
        body = self._body()
        wire = next((w for w in WIRES if path.endswith(w.endpoint)), None)
        if wire is None:
            self._json(200, {"input_tokens": 10, "totalTokens": 10})
            return
        offered = {tool.name: tool for tool in wire.tools(body)}
        self._generate(wire, body, offered, path.endswith(":streamGenerateContent") or bool(body.get("stream")))

    def _generate(self, wire: Wire, body: Json, offered: dict[str, Tool], stream: bool) -> None:
        side = not any(name in offered for names in NAMES.values() for name in names)
        if side or SIDE_QUESTIONS.search(json.dumps(body)[-20000:]):
            answer = wires.Answer(str(body.get("model")), side_answer(body))
        else:
            turn = self.server.next_turn(body)
            if turn.error:
                self._json(
                    turn.error, {"type": "error", "error": {"type": "invalid_request_error", "message": turn.text}}
                )
                return
            calls = tuple(named(call, offered) for call in turn.calls)
            answer = wires.Answer(str(body.get("model")), turn.text, calls)
        if stream:
            self._events(wire.stream(answer))
        else:
            self._json(200, wire.answer(answer))

    def _body(self) -> Json:
        raw = b""
        if "chunked" in (self.headers.get("Transfer-Encoding") or ""):
            while size := int(self.rfile.readline(), 16):
                raw += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.headers.get("Content-Encoding") == "gzip":
            raw = gzip.decompress(raw)
        return wires.mapping(json.loads(raw)) if raw else {}

    def _json(self, status: int, payload: Json) -> None:
        data = json.dumps(payload).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _events(self, events: Iterator[wires.Sse]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for name, payload in events:
            head = f"event: {name}\n" if name else ""
            self.wfile.write(f"{head}data: {json.dumps(payload)}\n\n".encode())
            self.wfile.flush()
        self.close_connection = True
