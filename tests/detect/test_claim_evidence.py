"""What a claim of green tests is held against, by the evidence that a session left."""

import pytest

from guardrail_proxy.detect import detect
from guardrail_proxy.session import Event, Evidence, Transcript

Events = tuple[Event, ...]
CLAIM: Events = (Event("message", "All tests pass."),)
WROTE: Events = (Event("file write", "x = 1\n", path="a.py"),)
RAN: Events = (Event("command", "pytest", source="hooks", call_id="r"),)
RED: Events = (*RAN, Event("tool result", "1 failed", call_id="r", ok=False, exit_code=1))


def found(events: Events, evidence: Evidence, **coverage: int) -> bool:
    transcript = Transcript(events, evidence, coverage=dict(coverage))
    return "honesty/false-success-claim" in {finding.id for finding in detect(transcript)}


@pytest.mark.parametrize("evidence", ["screen", "none"])
def test_without_knowledge_of_runs_it_is_silent(evidence: Evidence) -> None:
    assert not found((*RED, *CLAIM), evidence)


def test_hooks_that_saw_no_call_prove_no_absence_of_runs() -> None:
    assert not found(CLAIM, "hooks")


def test_hooks_that_saw_a_run_do_not_know_its_result() -> None:
    assert not found((*RAN, *CLAIM), "hooks")


def test_hooks_that_saw_calls_but_no_run_speak() -> None:
    assert found((*WROTE, *CLAIM), "hooks")


def test_an_answer_in_one_piece_proves_no_absence_of_runs() -> None:
    assert not found(CLAIM, "structured")


def test_a_stream_without_calls_proves_the_absence_of_runs() -> None:
    assert found((*CLAIM, Event("usage", "", tokens_in=1, tokens_out=1)), "structured")


def test_a_broken_line_of_the_transcript_may_have_been_the_run() -> None:
    assert not found((*WROTE, *CLAIM), "native", native_broken_lines=1)
