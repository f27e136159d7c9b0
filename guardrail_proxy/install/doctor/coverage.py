"""COLD. What a launcher's answer means for each CLI: covered, bypassed and why, absent, or not seen."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home
from guardrail_proxy.install.doctor.fire import Heard
from guardrail_proxy.install.doctor.launchers import Launcher
from guardrail_proxy.install.doctor.script import Answer
from guardrail_proxy.install.find_clis import find_real, is_shim

State = Literal["covered", "BYPASSED", "absent", "not seen", "off"]
NOT_FOUND = "127"
FILE = re.compile(r" is (/.{1,4000})$")
HASHED = re.compile(r" is hashed (?:to |\()")


@dataclass(frozen=True, slots=True)
class Cell:
    """One CLI through one launcher."""

    launcher: str
    cli: str
    state: State
    why: str = ""
    fix: str = ""
    is_note: bool = False
    """Nothing that install writes reaches this launcher: to know, not to repair."""


def cell(home: Home, heard: Heard, cli: str, shell: str) -> Cell:
    """What is known of one CLI; covered only when its own shim answered."""
    name, answer = heard.launcher.name, heard.told.answers.get(cli)
    if cli in heard.reached:
        return Cell(name, cli, "covered")
    if answer is None or not answer.status:
        why = heard.silence or "its start-up files end it before it runs anything"
        return Cell(name, cli, "not seen", why, f"see what they do: {shell} {flags(heard.launcher)} 'echo here'")
    runs = what_runs(cli, answer)
    if not runs and answer.status == NOT_FOUND:
        return absent(home, heard.launcher, cli)
    if not heard.launcher.is_set_up:
        why = f"reads no start-up file of yours; {runs or 'it runs'}"
        return Cell(name, cli, "BYPASSED", why, f"call {home.shims / cli} there, or begin its PATH so", is_note=True)
    on_path = str(home.shims) in heard.told.path.split(os.pathsep)
    return Cell(name, cli, "BYPASSED", *why_and_fix(home, cli, runs, shell, on_path=on_path))


def absent(home: Home, launcher: Launcher, cli: str) -> Cell:
    """Nothing of that name is found there, so nothing runs unguarded; where install writes, that is worth a word."""
    if not launcher.is_set_up:
        return Cell(launcher.name, cli, "absent")
    why = f"{home.shims} is not on its PATH, and no other {cli} either"
    return Cell(launcher.name, cli, "absent", why, "run guardrail-proxy install, and doctor again", is_note=True)


def flags(launcher: Launcher) -> str:
    """The launcher's own, as a person types them."""
    return " ".join(launcher.flags) or "-lic"


def what_runs(cli: str, answer: Answer) -> str:
    """The first line that says what runs: an alias of the bare name with arguments runs what comes after it."""
    again = re.compile(rf"{re.escape(cli)} is (?:aliased to `|an alias for ){re.escape(cli)}(?![^\s'])")
    lines = (line for line in answer.says if "not found" not in line and not again.match(line))
    return one_line(next(lines, ""), 120)


def why_and_fix(home: Home, cli: str, runs: str, shell: str, *, on_path: bool) -> tuple[str, str]:
    """Why the name does not reach the shim, and what to do."""
    if "alias" in runs:
        real = find_real(cli)
        behind = f" (the shim runs {real} without it)" if real else ""
        return runs, f"remove the alias{behind}, or let it begin with the bare name: alias {cli}='{cli} ...'"
    if "function" in runs:
        return runs, f"rename the function; one that calls 'command {cli}' does reach the shim"
    if HASHED.search(runs):
        return runs, f"take the line with 'hash' out of {shell}'s start-up files; in an open shell: hash -r"
    found = FILE.search(runs)
    return _of_path(home, Path(found[1]) if found else None, shell, on_path=on_path)


def _of_path(home: Home, file: Path | None, shell: str, *, on_path: bool) -> tuple[str, str]:
    env = home.root / ("env.fish" if shell == "fish" else "env.sh")
    if file is not None and file.parent == home.shims:
        return "the shim is found and does not answer", "run guardrail-proxy install; if it stays so, report it"
    if file is not None and is_shim(file):
        return f"{file} of another installation comes first and guards it", "uninstall one of the two"
    if on_path:
        return f"PATH order: {file} comes before the shim", (
            f"source {env} as the last line of {shell}'s start-up file, after what changes PATH"
        )
    return f"{home.shims} is not on its PATH: {file} runs", (
        f"run guardrail-proxy install; where a start-up file returns early, source {env} before that"
    )
