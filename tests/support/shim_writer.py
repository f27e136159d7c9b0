"""``python tests/support/shim_writer.py HOME WORK``: sessions through the installed shim for ever, one ACK line each.

For a torture program that kills it, and whatever it started, at random moments, and checks that every acknowledged
session is there, whole, once. The product is installed into HOME first where it is not; WORK holds the fake CLI and
the ids of all sessions whose CLI was started, so that also those without an ACK can be looked for.
"""

import fcntl
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pexpect
from fake_ai import counts, environment, install, is_pending, shim

from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import find_record
from guardrail_proxy.sidecar.turn import hurry

LOOK_EVERY_S = 0.02
LONGEST_S = 60
SESSION = re.compile(rb"session ([0-9a-f-]{36})")


def run_one(home: Path, env: dict[str, str], *, on_terminal: bool) -> str:
    """One call of the shim; the id of its session, '' when it did not get so far."""
    if on_terminal:
        child = pexpect.spawn(shim(home), ["-p", "do it"], env=env, timeout=LONGEST_S)
        out = child.read()
        child.close()
    else:
        words = [shim(home), "-p", "do it"]
        out = subprocess.run(words, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST_S).stdout
    found = SESSION.search(out)
    return found[1].decode() if found else ""


def acknowledge(home: Home, session_id: str, took_ms: float) -> None:
    """Say that the session's record is in the spool, once it is; nothing when its finisher died first."""
    while is_pending(home, session_id):
        hurry(home.root)  # as whoever asks for sessions
        time.sleep(LOOK_EVERY_S)
    record = find_record(home.spool, session_id)
    if record is not None:
        failures, calls = counts(record)
        os.write(1, f"ACK {session_id} - {failures} {calls} {took_ms:.2f}\n".encode())


def main() -> None:
    """Run sessions until killed."""
    home, work, chance = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute(), random.Random(os.getpid())
    work.mkdir(parents=True, exist_ok=True)
    with (work / "install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(shim(home)):
            install(home, work)
    user = work / f"user-{os.getpid()}"
    while True:
        env = environment(home, work, user, WORK=f"{chance.choice((0, 0.05, 0.3))}")
        began = time.perf_counter()
        session_id = run_one(home, env, on_terminal=chance.random() < 0.5)
        took_ms = (time.perf_counter() - began) * 1000
        if session_id:
            acknowledge(Home(home), session_id, took_ms)


if __name__ == "__main__":
    main()
