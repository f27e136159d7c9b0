"""COLD. After a session: what is due is started, detached and at low priority, by whoever finished it."""

import os
import subprocess
import sys
import time
from collections.abc import Collection

from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import current_folder
from guardrail_proxy.workers._record import is_any_due, take_turn

WAITING_MOST, LONGEST_WAIT_S = 20, 60.0
"""Records in the spool, and the age of the oldest, that make an ingester worth its start."""


def hand_on(home: Home, stale: Collection[str]) -> None:
    """Hand on to the workers that are due, detached and at low priority; the plans of these CLIs are made again."""
    os.nice(10)  # we are done ourselves: what we start inherits it
    if stale:
        _start(["guardrail_proxy.install.sync", str(home.root), *sorted(stale)])
    if is_any_due(home):
        turn = take_turn(home)
        if turn is not None:
            _start(["guardrail_proxy.workers._due", str(home.root)], turn)  # the first of them loads
            os.close(turn)
    elif is_worth_loading(home):
        _start(["guardrail_proxy.store.ingest", str(home.root)])


def _start(job: list[str], *inherited: int) -> None:
    """Start a module of ours, detached; it keeps these descriptors."""
    subprocess.Popen(
        [sys.executable, "-I", "-m", *job],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=inherited,
    )


def is_worth_loading(home: Home) -> bool:
    """Whether enough waits in the spool, or long enough, for an ingester to be started: what waits is visible too."""
    if not home.database.exists():
        return True
    waiting = [path.stat().st_mtime for path in current_folder(home.spool).glob("*.json")]
    return len(waiting) >= WAITING_MOST or any(time.time() - at > LONGEST_WAIT_S for at in waiting)
