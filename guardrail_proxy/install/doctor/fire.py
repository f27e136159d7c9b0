"""COLD. Fires a canary through one launcher: which shims it really started, and what the shell said meanwhile."""

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from guardrail_proxy.home import Home
from guardrail_proxy.install.doctor.bounded import run
from guardrail_proxy.install.doctor.launchers import Launcher, environment, shell_of
from guardrail_proxy.install.doctor.script import Told, read_notes, script


@dataclass(frozen=True, slots=True)
class Canary:
    """One canary: the file where shims answer, and the one for the shell's own words."""

    home: Home
    nonce: str

    @property
    def answers(self) -> Path:
        """Where shims note their CLI."""
        return self.home.root / f"canary-{self.nonce}"

    @property
    def notes(self) -> Path:
        """Where the shell notes what it would run."""
        return self.home.root / f"canary-{self.nonce}.notes"

    def reached(self) -> frozenset[str]:
        """The CLIs whose shims answered."""
        return frozenset(self.answers.read_text().split())


@contextmanager
def canary(home: Home) -> Iterator[Canary]:
    """A canary that shims of this home answer. OSError when the home cannot be written."""
    one = Canary(home, secrets.token_hex(8))
    files = (one.answers, one.notes)
    try:
        for file in files:
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield one
    finally:
        for file in files:
            file.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one launcher."""

    launcher: Launcher
    reached: frozenset[str]
    told: Told
    silence: str = ""
    """Why it did not get to its end; "" when it did."""


def fire(home: Home, launcher: Launcher, clis: tuple[str, ...], env: Mapping[str, str]) -> Heard:
    """Run every CLI's name through a launcher."""
    shell = shell_of(launcher, env)
    with canary(home) as one:
        words = [shell, *launcher.flags, script(shell, clis, str(one.notes))]
        told_env = {**environment(launcher, home, env), "GUARDRAIL_CANARY": one.nonce}
        silence = run(words, told_env, launcher.stdin, lambda: one.notes.stat().st_size > 0)
        told = read_notes(one.notes.read_text(errors="replace"))
        return Heard(launcher, one.reached(), told, silence)
