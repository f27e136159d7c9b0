"""The stages in order; one that raises is recorded, and strict does not approve after it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from guardrail_proxy import pipeline
from guardrail_proxy.pipeline import judge
from guardrail_proxy.session import Capture, Event, Finding, Mode, Session, Transcript

CAPTURE = Capture("s", "claude", "strict", (), "/", Path("/"), None, None, 0, None, 0.0, 1.0)
SEEN = Transcript((Event("command", "ls"),), "native", {"native": "1 event"})
STAGES = ["parse", "validate", "detect", "guard", "enforce"]


def broken(*words: object) -> NoReturn:
    raise KeyError("what", *words)


def nothing(transcript: Transcript) -> tuple[Finding, ...]:
    return ()


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Session]:
    """Judge a harmless session with one stage broken."""

    def run(stage: str = "", mode: Mode = "strict", **facts: object) -> Session:
        monkeypatch.setattr(pipeline, "parse", lambda _: SEEN)
        if stage and stage != "guard":
            monkeypatch.setattr(pipeline, stage, broken)
        aborted = bool(facts.get("aborted"))
        capture = replace(CAPTURE, mode=mode, aborted=aborted)
        if stage == "guard":
            return judge(capture, {}, broken)
        return judge(capture, {}, nothing)

    return run


def test_a_harmless_session_is_approved_and_every_stage_has_its_time(judged: Callable[..., Session]) -> None:
    session = judged()
    assert (session.verdict.approved, session.verdict.decision) == (True, "approved")
    assert [(s.name, s.ok, s.error, s.duration_ms >= 0) for s in session.stages] == [
        (n, True, "", True) for n in STAGES
    ]


@pytest.mark.parametrize("stage", STAGES)
def test_strict_never_approves_after_a_stage_that_raised(judged: Callable[..., Session], stage: str) -> None:
    session = judged(stage)
    assert (session.verdict.approved, session.verdict.decision == "approved") == (False, False)
    assert "guard/stage-error" in session.verdict.because


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_that_raised_is_in_the_record_and_in_the_coverage(judged: Callable[..., Session], stage: str) -> None:
    session = judged(stage, "standard")
    (fault,) = [s for s in session.stages if not s.ok]
    assert (fault.name, fault.error[:8]) == (stage, "KeyError")
    assert session.transcript.coverage[f"{stage}_error"] == fault.error


def test_the_other_stages_still_look(judged: Callable[..., Session], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "validate", lambda _: (Finding("a/x", "violation", "critical", "made up"),))
    assert judged("detect").verdict.because == ("a/x", "guard/stage-error")


@pytest.mark.parametrize("mode", ["standard", "strict"])
def test_a_session_whose_relay_died_was_never_approved(judged: Callable[..., Session], mode: Mode) -> None:
    verdict = judged(mode=mode, aborted=True).verdict
    assert (verdict.approved, verdict.decision) == (False, "aborted")


def test_what_the_guard_found_about_itself_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "parse", lambda _: SEEN)
    tampered = Finding("guard/tampered", "violation", "critical", "made up")
    assert judge(CAPTURE, {}, lambda _: (tampered,)).verdict.because == ("guard/tampered",)
