"""COLD. What an AI said and did, in events; and its answer as data where that was asked for."""

import json
from dataclasses import dataclass

from guardrail_proxy.cli import find_cli
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.parse.expand import with_parts
from guardrail_proxy.parse.lines import text_objects
from guardrail_proxy.parse.screen import plain
from guardrail_proxy.session import Event, Evidence, Kind, Transcript


@dataclass(frozen=True, slots=True)
class ParsedResponse:
    """An answer taken apart; the events are redacted when they come from a recorded session."""

    events: tuple[Event, ...] = ()
    evidence: Evidence = "none"
    """The best source the events are from."""
    data: object = None
    """The CLI's JSON, or the list of its JSON lines, where structured output was asked for."""

    @property
    def text(self) -> str:
        """What the model said last; '' when it said nothing."""
        return next((event.text for event in reversed(self.events) if event.kind == "message"), "")

    @property
    def code_blocks(self) -> tuple[Event, ...]:
        """The fenced blocks of its messages: ``language`` and ``text``."""
        return self.of("code block")

    @property
    def commands(self) -> tuple[Event, ...]:
        """The shell commands that it ran or wanted to run."""
        return self.of("command")

    def of(self, kind: Kind) -> tuple[Event, ...]:
        """Every event of a kind, in order."""
        return tuple(event for event in self.events if event.kind == kind)

    def transcript(self) -> Transcript:
        """As the stages validate and detect take it."""
        return Transcript(self.events, self.evidence)


class ResponseParser:
    """Stage parse over a text: the structured output of a CLI, or Markdown."""

    def parse(self, text: str, tool: str | None = None) -> ParsedResponse:
        """The answer taken apart. Free text is never unparsable; an unknown tool is a ConfigError."""
        cli = find_cli(tool) if tool else None
        if tool and cli is None:
            raise ConfigError(f"'{tool}' is no tool that is known")
        parsed = cli.parse_structured(text) if cli else None
        if parsed and parsed.events:
            return ParsedResponse(tuple(with_parts(parsed.events)), "structured", data_of(text))
        shown = plain(text)
        events = (Event("message", shown, source="screen"),) if shown.strip() else ()
        return ParsedResponse(tuple(with_parts(events)), "screen" if events else "none")


def data_of(text: str) -> object:
    """The JSON that a text is, or the list of its JSON lines. Raises ValueError when it is neither."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        lines = text_objects(text)
        if lines.broken or not lines.objects:
            raise ValueError("neither JSON nor JSON lines") from None
        return list(lines.objects)
