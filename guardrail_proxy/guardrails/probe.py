"""COLD. Which of the words that we would add a CLI's program does not know: an older one would not start with them.

It is asked for its ``--help``, once for each state of its file.
"""

import os
import subprocess
import tempfile
from pathlib import Path

from guardrail_proxy.cli import Cli
from guardrail_proxy.plan import Plan

TIMEOUT_S = 20
OURS = "GUARDRAIL_"


def input_line(path: Path) -> str:
    """The value of the plan's ``input`` word for a file: path, time and size; 0 0 when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return f"{path} 0 0"
    return f"{path} {found.st_mtime_ns} {found.st_size}"


def unknown_words(cli: Cli, program: Path | None, before: Plan | None) -> tuple[str, ...]:
    """The words of ``cli.needs`` that the program's help lacks; as the plan before said it for the same program.

    A program that gives no help in time is taken to know them.
    """
    if program is None or not cli.needs:
        return ()
    if before and os.fsencode(input_line(program)) in before.all(b"input"):
        return tuple(os.fsdecode(word) for word in before.all(b"lacks"))
    said = help_of(program)
    return tuple(word for word in cli.needs if said.strip() and word not in said)


def help_of(program: Path) -> str:
    """What ``PROGRAM --help`` says, in an empty folder, without input; '' when it fails or takes too long."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    with tempfile.TemporaryDirectory(prefix="guardrail-probe-") as folder:
        try:
            done = subprocess.run(
                [str(program), "--help"],
                cwd=folder,
                env=env,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TIMEOUT_S,
                start_new_session=True,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
    return done.stdout.decode("utf-8", "replace") if not done.returncode else ""
