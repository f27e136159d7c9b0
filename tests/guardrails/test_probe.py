"""A CLI that does not know a word of ours is left alone: it would not start with it."""

import os
from pathlib import Path

import pytest

from guardrail_proxy.config import Config
from guardrail_proxy.guardrails.compile_plan import write_plan
from guardrail_proxy.home import Home
from guardrail_proxy.plan import Plan, is_stale, read_plan

NEW = "usage: claude [--plugin-dir DIR] [--settings FILE]"
OLD = "usage: claude [--print]"


class Program:
    """A claude that says a help, and counts how often it was asked."""

    def __init__(self, root: Path) -> None:
        self.path, self.asked = root / "claude", root / "asked"
        self.home = Home(root / "home")

    def says(self, text: str, status: int = 0) -> None:
        self.path.write_text(f"#!/bin/sh\necho x >> '{self.asked}'\necho '{text}'\nexit {status}\n")
        self.path.chmod(0o755)

    def plan(self, real: bool = True) -> Plan:
        return read_plan(os.fsencode(write_plan(self.home, "claude", Config(), self.path if real else None)))

    @property
    def count(self) -> int:
        return len(self.asked.read_text().split()) if self.asked.exists() else 0


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


@pytest.mark.parametrize(
    ("text", "status", "injects"),
    [(NEW, 0, True), (OLD, 0, False), ("", 0, True), (OLD, 1, True)],
    ids=["knows them", "lacks one", "says nothing", "has no help"],
)
def test_words_are_injected_unless_the_help_lacks_one(program: Program, text: str, status: int, injects: bool) -> None:
    program.says(text, status)
    plan = program.plan()
    assert (plan.says(b"inject"), plan.says(b"hooked")) == (injects, injects)
    assert plan.all(b"lacks") == ([] if injects else [b"--plugin-dir", b"--settings"])


def test_a_program_is_asked_once_for_each_state_of_its_file(program: Program) -> None:
    program.says(OLD)
    program.plan()
    plan = program.plan(real=False)
    assert (program.count, plan.says(b"inject"), is_stale(plan)) == (1, False, False)


def test_an_updated_program_makes_the_plan_stale_and_is_asked_again(program: Program) -> None:
    program.says(OLD)
    plan = program.plan()
    program.says(NEW)
    assert (is_stale(plan), program.plan(real=False).says(b"inject"), program.count) == (True, True, 2)
