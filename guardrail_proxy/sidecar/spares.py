"""WARM. Folders for the sessions to come, made while nobody waits: a start only renames one (run/folder.py)."""

import os
import shutil
from contextlib import suppress

from guardrail_proxy.run.folder import IN_A_SPARE, OWNER, SPARES, is_ready


def lay_ready(home: str) -> None:
    """Make those that are missing in ``spare/``, or not as they were; what fails is nothing: a start makes its own."""
    spares = os.path.join(home, "spare")
    with suppress(OSError):
        os.mkdir(spares, OWNER)
    if os.path.islink(spares):
        return  # whatever it shows is not ours
    for number in range(SPARES):
        with suppress(OSError):
            _lay_one_ready(spares, os.path.join(spares, str(number)), number)


def _lay_one_ready(spares: str, spare: str, number: int) -> None:
    """Its name comes last."""
    if os.path.lexists(spare):
        if is_ready(os.fsencode(spare)):
            return
        if os.path.isdir(spare) and not os.path.islink(spare):
            shutil.rmtree(spare)
        else:
            os.unlink(spare)
    new = os.path.join(spares, f".{number}-{os.getpid()}")
    os.mkdir(new, OWNER)
    for name in IN_A_SPARE:
        os.close(os.open(os.path.join(new, os.fsdecode(name)), os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    os.rename(new, spare)
