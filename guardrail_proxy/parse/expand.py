"""WARM. What a message holds besides its text: code blocks and claims, each an event behind it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from guardrail_proxy.parse.claims import claim_sentences
from guardrail_proxy.parse.markdown import split_markdown
from guardrail_proxy.session import Event


def with_parts(events: Iterable[Event]) -> Iterator[Event]:
    """The events, each message followed by its code blocks and claims."""
    for event in events:
        yield event
        if event.kind == "message":
            yield from _parts(event)


def _parts(message: Event) -> Iterator[Event]:
    bare = replace(message, name="", call_id="", path="")
    for block in split_markdown(message.text).blocks:
        yield replace(bare, kind="code block", text=block.text, language=block.language)
    for claim in claim_sentences(message.text):
        yield replace(bare, kind="claim", text=claim)
