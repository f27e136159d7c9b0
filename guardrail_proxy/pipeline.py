"""WARM. The stages in order: read this first.

    context -> run -> parse -> validate -> detect -> enforce -> log -> result

context and run happen in the shim (``shim.py``), byte for byte and without any of this loaded. What they leave behind
is a ``Capture``; ``judge`` takes it through parse, validate, detect and enforce. ``finish.py`` logs the session and
tells the relay the result.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from guardrail_proxy.detect import detect
from guardrail_proxy.enforce import enforce
from guardrail_proxy.outcome import outcome_of
from guardrail_proxy.parse import parse
from guardrail_proxy.session import Capture, Finding, Session, Stage, Transcript, Verdict
from guardrail_proxy.validate import validate

Findings = tuple[Finding, ...]
Meta = dict[str, object]
T = TypeVar("T")
UNJUDGED = Verdict(approved=False, because=("guard/stage-error",), decision="unjudged")


def judge(capture: Capture, meta: Meta, guard_findings: Callable[[Transcript], Findings]) -> Session:
    """Judge what one run left behind. A stage that raises is recorded, and strict does not approve after it."""
    clock = StageClock()
    transcript = clock.run("parse", lambda: parse(capture), Transcript(()))
    violations: Findings = clock.run("validate", lambda: validate(transcript), ())
    failures: Findings = clock.run("detect", lambda: detect(transcript), ())
    guards: Findings = clock.run("guard", lambda: guard_findings(transcript), ())
    findings = (*violations, *failures, *guards, *clock.faults())
    verdict = clock.run("enforce", lambda: verdict_of(capture, findings, transcript), UNJUDGED)
    coverage = {**transcript.coverage, **{f"{s.name}_error": s.error for s in clock.stages if not s.ok}}
    return Session(
        capture=capture,
        transcript=replace(transcript, coverage=coverage),
        findings=findings,
        verdict=verdict,
        outcome=outcome_of(capture, transcript),
        stages=tuple(clock.stages),
        meta=meta,
    )


def verdict_of(capture: Capture, findings: Sequence[Finding], transcript: Transcript) -> Verdict:
    """The verdict; a session whose relay died was never approved."""
    verdict = enforce(capture.mode, findings, transcript.evidence)
    if capture.aborted:
        return replace(verdict, approved=False, decision="aborted")
    return verdict


class StageClock:
    """Runs stages, keeps their times and their faults."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []

    def run(self, name: str, stage: Callable[[], T], otherwise: T) -> T:
        """The stage's answer, or ``otherwise`` when it raises."""
        started, began = time.time(), time.perf_counter()
        error, answer = "", otherwise
        try:
            answer = stage()
        except Exception as fault:  # noqa: BLE001 # the guard of the pipeline: a bug of ours must not lose the session
            error = f"{type(fault).__name__}: {fault}"
        self.stages.append(Stage(name, started, (time.perf_counter() - began) * 1000, not error, error))
        return answer

    def faults(self) -> Findings:
        """A stage that failed has not looked: critical, so that strict does not approve."""
        return tuple(
            Finding(
                "guard/stage-error",
                "violation",
                "critical",
                f"the stage {stage.name} failed, so the session was not fully looked at",
                fix="see the session's coverage; report the error",
                fingerprint=stage.name,
            )
            for stage in self.stages
            if not stage.ok
        )
