"""How a session ended, apart from what was found in it."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.outcome import outcome_of
from guardrail_proxy.session import Capture, Event, Outcome, Transcript

CAPTURE = Capture("s", "claude", "standard", (), "/", Path("/"), None, None, 0, None, 0.0, 1.0)
COMMAND, SAID = Event("command", "ls"), Event("message", "done")
API, LIMIT = Event("error", "500 internal server error"), Event("error", "You have hit your usage limit")


def outcome(*events: Event, capture: Capture = CAPTURE) -> Outcome:
    return outcome_of(capture, Transcript(events))


@pytest.mark.parametrize(
    ("number", "expected"),
    [(2, "interrupted"), (15, "interrupted"), (1, "interrupted"), (9, "crashed"), (11, "crashed")],
)
def test_a_signal_is_first_of_all(number: int, expected: Outcome) -> None:
    dead = replace(CAPTURE, exit_code=None, signal=number)
    assert outcome(COMMAND, LIMIT, capture=dead) == expected


def test_a_session_whose_relay_died_was_interrupted() -> None:
    assert outcome(COMMAND, API, capture=replace(CAPTURE, exit_code=None, aborted=True)) == "interrupted"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You have hit your usage limit", "limit"),
        ("API Error: 429 too many requests", "limit"),
        ("overloaded_error: Overloaded", "limit"),
        ("context window exceeded", "limit"),
        ("500 internal server error", "api-error"),
        ("connection refused", "api-error"),
    ],
)
def test_an_error_at_the_end_is_the_apis_or_a_limit(text: str, expected: Outcome) -> None:
    failed = replace(CAPTURE, exit_code=1)
    assert outcome(COMMAND, Event("error", text), capture=failed) == expected


@pytest.mark.parametrize("after", [SAID, COMMAND, Event("tool call", "{}")])
def test_an_error_that_the_session_got_over_is_none(after: Event) -> None:
    assert outcome(COMMAND, API, after) == "completed"


@pytest.mark.parametrize(("code", "expected"), [(1, "failed"), (130, "interrupted"), (143, "interrupted")])
def test_the_exit_status_tells_failure_from_interruption(code: int, expected: Outcome) -> None:
    assert outcome(COMMAND, capture=replace(CAPTURE, exit_code=code)) == expected


@pytest.mark.parametrize("event", [COMMAND, Event("tool call", "{}"), Event("file write", "x")])
def test_work_makes_it_completed_and_words_alone_a_chat(event: Event) -> None:
    assert (outcome(SAID, event), outcome(SAID), outcome()) == ("completed", "chat-only", "chat-only")


EVENTS = st.lists(st.sampled_from([COMMAND, SAID, API, LIMIT, Event("tool result", "", ok=False)]), max_size=8)


@given(EVENTS, st.none() | st.integers(0, 255), st.booleans())
def test_only_a_session_that_ended_by_itself_with_status_zero_is_completed(
    events: list[Event], code: int | None, aborted: bool
) -> None:
    found = outcome(*events, capture=replace(CAPTURE, exit_code=code, aborted=aborted))
    assert found not in ("completed", "chat-only") or (not code and not aborted)
