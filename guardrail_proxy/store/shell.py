"""COLD. DuckDB's own shell over the published file, read-only, so that nobody waits for it and it changes nothing."""

import os
import re
import shutil
import subprocess

from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.home import Home
from guardrail_proxy.store.ingest import ensure_published

OLDEST = (1, 5)
"""The first version that can read the file."""
VERSION = re.compile(r"\bv?(\d{1,4})\.(\d{1,4})\.")
ADVICE = "install the package 'duckdb-cli' (pip install 'duckdb-cli>=1.5'), or open the file that 'store path' prints"


def shell_words(home: Home) -> list[str]:
    """What to execute, the program first. GuardrailError where there is no shell that can read the store."""
    program = shutil.which("duckdb")
    if program is None:
        raise GuardrailError(f"DuckDB's shell is not on PATH: {ADVICE}")
    version = _version(program)
    if version < OLDEST:
        raise GuardrailError(f"'{program}' cannot read the store, it is older than DuckDB 1.5: {ADVICE}")
    ensure_published(home)
    return [program, "-readonly", "-cmd", "SET TimeZone = 'UTC'", str(home.database)]


def become(words: list[str]) -> None:
    """Replace this process by the program."""
    os.execv(words[0], words)  # noqa: S606 # the user's own shell


def _version(program: str) -> tuple[int, int]:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return (0, 0)
    match = VERSION.search(said)
    return (int(match[1]), int(match[2])) if match else (0, 0)
