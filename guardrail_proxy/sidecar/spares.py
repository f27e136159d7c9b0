"""WARM. Folders for the sessions to come, made while nobody waits: a start only renames one (run/folder.py)."""

import os
from contextlib import suppress

from guardrail_proxy.run.folder import IN_A_SPARE, OWNER, SPARES


def lay_ready(home: str) -> None:
    """Make those that are missing in ``spare/``; what fails is nothing: a start makes its own."""
    spares = os.path.join(home, "spare")
    with suppress(FileExistsError), suppress(OSError):
        os.mkdir(spares, OWNER)
    for number in range(SPARES):
        with suppress(OSError):
            if not os.path.lexists(os.path.join(spares, str(number))):
                _make(spares, number)


def _make(spares: str, number: int) -> None:
    """One, with its name last."""
    new = os.path.join(spares, f".{number}-{os.getpid()}")
    os.mkdir(new, OWNER)
    for name in IN_A_SPARE:
        os.close(os.open(os.path.join(new, os.fsdecode(name)), os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    os.rename(new, os.path.join(spares, str(number)))
