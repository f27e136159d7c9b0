"""WARM. How a session ended, apart from what was found in it."""

import re

from guardrail_proxy.session import Capture, Event, Outcome, Transcript

LIMITS = re.compile(
    r"(?i)\b(?:usage|rate|quota|context|token|session|weekly)[ _-]?(?:limit|window|exceeded)"
    r"|\b429\b|overloaded|max_tokens"
)
INTERRUPTING = (2, 3, 1, 15)
"""SIGINT, SIGQUIT, SIGHUP, SIGTERM: somebody ended it."""
WORK = frozenset({"command", "tool call", "file write"})


def outcome_of(capture: Capture, transcript: Transcript) -> Outcome:
    """The outcome, first match: aborted or signalled, API trouble, exit status, then whether anything was done."""
    if capture.signal is not None:
        return "interrupted" if capture.signal in INTERRUPTING else "crashed"
    if capture.aborted:
        return "interrupted"
    trouble = last_error(transcript)
    if trouble:
        return "limit" if LIMITS.search(trouble.text) else "api-error"
    if capture.exit_code:
        return "interrupted" if capture.exit_code in (129, 130, 143) else "failed"
    return "completed" if any(event.kind in WORK for event in transcript.events) else "chat-only"


def last_error(transcript: Transcript) -> Event | None:
    """An API error that nothing followed: the session ended by it."""
    for event in reversed(transcript.events):
        if event.kind == "error":
            return event
        if event.kind in ("message", "command", "tool call"):
            return None
    return None
