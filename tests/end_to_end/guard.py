"""A guardrail home made by the real `guardrail-proxy install`, and what a user does with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from stage import SETUPS, Stage, environment, oneshot

COMMAND = Path(sys.executable).parent / "guardrail-proxy"
Row = dict[str, object]


@dataclass(frozen=True)
class Guard:
    """An installed guardrail home of one test."""

    home: Path
    stage: Stage

    @property
    def shims(self) -> Path:
        """The folder that goes first on PATH."""
        return self.home / "shims"

    def environment(self, cli: str, url: str = "") -> dict[str, str]:
        """A user's environment after the install: shims first."""
        return environment(self.stage, cli, url, (self.shims,))

    def play(
        self, cli: str, url: str, *more: str, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """One question, no terminal, by the CLI's name from PATH."""
        whole = {**self.environment(cli, url), **(env or {})}
        words = ["/usr/bin/env", cli, *more, *oneshot(cli, "Please do the task.")]
        done = subprocess.run(
            words,
            cwd=self.stage.project,
            env=whole,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=150,
        )
        tally(cli)
        return done

    def command(self, *words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """A guardrail-proxy command."""
        base = {"HOME": str(self.stage.home), "PATH": os.environ["PATH"], "GUARDRAIL_HOME": str(self.home)}
        return subprocess.run(
            [str(COMMAND), *words],
            env={**base, "LANG": "C.UTF-8", **(env or {})},
            capture_output=True,
            text=True,
            timeout=60,
        )

    def sql(self, query: str) -> list[Row]:
        """Rows of a query, asked the way people ask."""
        done = self.command("sql", query, "--format", "json")
        assert done.returncode == 0, done.stderr
        rows: list[Row] = json.loads(done.stdout)
        return rows

    def session(self) -> Row:
        """The only session there is."""
        rows = self.sql("SELECT * FROM sessions")
        assert len(rows) == 1, rows
        return rows[0]


def tally(cli: str) -> None:
    """Count a session of a real AI CLI; tests/run prints the sum."""
    if cli in SETUPS and (path := os.environ.get("GUARDRAIL_TEST_TALLY")):
        with Path(path).open("a") as out:
            out.write(f"{cli}\n")


def install(root: Path, stage: Stage, *clis: str, config: str = "") -> Guard:
    """Run the real install command for these CLIs, start-up files in the stage's own HOME."""
    guard = Guard(root / "guardrail", stage)
    guard.home.mkdir(mode=0o700)
    if config:
        (guard.home / "config.toml").write_text(config)
        (guard.home / "config.toml").chmod(0o600)
    env = environment(stage, clis[0], "")
    words = [str(COMMAND), "install", "--shell", "bash", *clis]
    done = subprocess.run(
        words, env={**env, "GUARDRAIL_HOME": str(guard.home)}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return guard
