"""WARM. What the relay told at the start, typed."""

from __future__ import annotations

import os

from guardrail_proxy.value import Value

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from guardrail_proxy.session import Mode

EXCLUDED = "excluded"
"""An empty file: the folder is one of ``record.exclude``, so nothing that was said may be kept."""
FACTS = ("real", "tty", "oneshot", "parent", "injected", "dropped", "stale", "restarted")


class Start(Value):
    """The first frame. ``home`` is the guardrail home, ``user_home`` the user's."""

    __slots__ = (
        "argv",
        "cli",
        "cwd",
        "env",
        "facts",
        "home",
        "is_excluded",
        "kind",
        "mode",
        "session",
        "size",
        "term",
        "user_home",
    )

    def __init__(self, meta: dict[str, list[str]]) -> None:
        """Out of the frame's names and values."""

        def one(name: str) -> str:
            return meta.get(name, [""])[-1]

        columns, _, rows = one("size").partition("x")
        self.session, self.cli, self.kind, self.term = one("session"), one("cli"), one("kind"), one("term")
        self.mode: Mode = "strict" if one("mode") == "strict" else "standard"
        self.home, self.cwd, self.user_home = one("guard"), one("cwd"), one("home")
        self.argv = tuple(meta.get("arg", []))
        self.env = {name[4:]: values[-1] for name, values in meta.items() if name.startswith("env.")}
        self.facts = {name: one(name) for name in FACTS}
        self.is_excluded = is_excluded(self.home, self.cwd)
        self.size = (int(columns or 80), int(rows or 24))

    @property
    def expects_hooks(self) -> bool:
        """Whether the CLI was given more than the text of a document: then it will ask the gate."""
        return not {*self.facts["injected"].split(",")} <= {"", "document"}


def is_excluded(home: str, cwd: str) -> bool:
    """Whether ``record.exclude`` of the home's config.toml names the folder or one above it."""
    try:
        with open(os.path.join(home, "config.toml"), "rb") as file:
            config = file.read()
    except OSError:
        return False
    if b"exclude" not in config:
        return False
    from guardrail_proxy.sidecar.exclude import names_folder  # noqa: PLC0415 # most configurations exclude nothing

    return names_folder(config, cwd)
