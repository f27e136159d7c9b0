"""Notes for the end of a standard session: what is critical, once, in one line."""

import os
from collections.abc import Iterator

import pytest

from guardrail_proxy.session import Finding, Severity
from guardrail_proxy.sidecar.notes import Notes

KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    os.close(ends[0])


def found(rule: str, severity: Severity = "critical") -> Finding:
    return Finding(rule, "violation", severity, "made up")


def said(pipe: tuple[int, int]) -> list[str]:
    os.close(pipe[1])
    return os.read(pipe[0], 65536).decode().splitlines()


def test_a_rule_is_noted_once_and_only_when_critical(pipe: tuple[int, int]) -> None:
    notes = Notes(pipe[1])
    notes.found((found("a/x"), found("a/x"), found("b/y", "high")))
    assert said(pipe) == ["note found a/x; see: guardrail-proxy explain last"]


def test_at_most_two_rules_are_named(pipe: tuple[int, int]) -> None:
    notes = Notes(pipe[1])
    notes.found(tuple(found(f"r/{number}") for number in range(40)))
    assert said(pipe)[-1] == "note found r/0, r/1 and more; see: guardrail-proxy explain last"


def test_a_secret_on_the_screen_is_noted_by_its_rule(pipe: tuple[int, int]) -> None:
    Notes(pipe[1]).shown([f"key {KEY}"])
    (line,) = said(pipe)
    assert ("secrets/aws-access-key" in line, KEY in line) == (True, False)


def test_a_relay_that_is_gone_is_no_trouble(pipe: tuple[int, int]) -> None:
    os.close(pipe[1])
    Notes(pipe[1]).found((found("a/x"),))


def test_a_recording_that_ends_early_is_told_once(pipe: tuple[int, int]) -> None:
    notes = Notes(pipe[1])
    for trouble in ("", "No space left on device", "No space left on device"):
        notes.incomplete(trouble)
    assert said(pipe) == ["note this session is not recorded whole: No space left on device"]
