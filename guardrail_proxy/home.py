"""WARM. Where things are in the guardrail home. One name for each path; nobody else joins strings.

The home is ``$GUARDRAIL_HOME`` for commands, else ``~/.guardrail``. A shim knows its home from itself.
All folders are 0700, all files 0600.
"""

import os
import sys
from pathlib import Path

from guardrail_proxy.value import Value

WRAPPER = "guardrail-exec"


class Home(Value):
    """The guardrail home: an absolute path and the names below it."""

    __slots__ = ("root",)

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def config(self) -> Path:
        """The user's ``config.toml``."""
        return self.root / "config.toml"

    @property
    def shims(self) -> Path:
        """The folder that goes ahead on PATH: one generated shim a CLI."""
        return self.root / "shims"

    @property
    def hot(self) -> Path:
        """What shims import: a copy of the HOT modules that any python3 >= 3.8 can load."""
        return self.root / "hot"

    @property
    def plans(self) -> Path:
        """``<cli>.plan`` and, in a folder ``<cli>/``, the files the plan refers to."""
        return self.root / "plans"

    def plan(self, cli: str) -> Path:
        """The compiled plan of one CLI."""
        return self.plans / f"{cli}.plan"

    @property
    def guardrails(self) -> Path:
        """The user's own guardrail documents, ``*.md``; nobody but the user makes it."""
        return self.root / "guardrails"

    @property
    def agents(self) -> Path:
        """The user's own agent roles, ``*.md``; nobody but the user makes it."""
        return self.root / "agents"

    @property
    def hook(self) -> Path:
        """The executable that CLIs call as their hook."""
        return self.root / "hook"

    @property
    def wrapper(self) -> Path:
        """What launchers that start a CLI by its path put before it."""
        return self.root / "bin" / WRAPPER

    @property
    def start_up_files(self) -> Path:
        """Names the start-up files that hold our lines, one a line."""
        return self.root / "start-up-files"

    @property
    def sessions(self) -> Path:
        """One folder for each session that runs or is not finished yet."""
        return self.root / "sessions"

    @property
    def spare(self) -> Path:
        """Folders that lie ready for the next sessions."""
        return self.root / "spare"

    @property
    def spool(self) -> Path:
        """Final records: ``<bucket>/<id>.json``."""
        return self.root / "spool"

    @property
    def outputs(self) -> Path:
        """Published recordings: ``<day>/<id>.cast.gz``."""
        return self.root / "outputs"

    @property
    def db(self) -> Path:
        """The private database and the published generations."""
        return self.root / "db"

    @property
    def database(self) -> Path:
        """The symlink people open."""
        return self.root / "sessions.duckdb"

    @property
    def logs(self) -> Path:
        """JSON logs, one object a line."""
        return self.root / "logs"

    @property
    def data(self) -> Path:
        """What workers write for people and programs: trends.json, insights.json."""
        return self.root / "data"

    @property
    def failure_report(self) -> Path:
        """The last failures for people, in Markdown."""
        return self.root / "AI_Failure_Modes.md"

    @property
    def pause(self) -> Path:
        """While it holds a time (epoch seconds, decimal) in the future, standard shims run the CLI unrecorded."""
        return self.root / "paused-until"


def default_home() -> Home:
    """The home that commands use: ``$GUARDRAIL_HOME``, else where we are installed, else ``~/.guardrail``."""
    chosen = os.environ.get("GUARDRAIL_HOME") or _installed_in() or str(Path.home() / ".guardrail")
    return Home(Path(chosen).absolute())


def _installed_in() -> str:
    """The home whose environment (``env-<stamp>``, made by install.sh) runs this program; "" when none does."""
    own = Path(sys.prefix)
    return str(own.parent) if own.name.startswith("env") and (own / "made-folders").exists() else ""
