"""One question to a program of our own: answered, refused, or given up."""

import os

import pytest

from guardrail_proxy.run import ask as module
from guardrail_proxy.run.ask import ask

ENV = {b"PATH": b"/usr/bin:/bin"}


def test_bytes_go_in_and_come_out_with_the_status() -> None:
    question = os.urandom(1 << 20)
    assert ask([b"/bin/sh", b"-c", b"cat; exit 3"], question, ENV) == (3, question)


def test_a_program_that_reads_nothing_is_no_error() -> None:
    assert ask([b"/bin/sh", b"-c", b"exec <&-; echo x"], bytes(1 << 20), ENV) == (0, b"x\n")


def test_a_program_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER_S", 0.05)
    with pytest.raises(OSError, match="no answer within"):
        ask([b"/bin/sleep", b"1000"], b"", ENV)
