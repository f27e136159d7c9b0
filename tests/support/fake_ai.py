"""An AI CLI that answers at once, under the name of the demo CLI, and a guardrail home whose real shim wraps it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import find_record
from guardrail_proxy.store.dead import is_dead

NAME = "guardrail-demo-ai"
QUEUED_MOST_S = 5.0
COMMAND = Path(sys.executable).parent / "guardrail-proxy"
SCRIPT = r"""#!/bin/sh
# Says which session it is in, notes it in $NOTES, makes one to four calls, counts to $COUNT, works $WORK seconds and
# exits with $STATUS.
for word in "$@"; do case $word in --version|--help) echo "guardrail-demo-ai 1.0.0"; exit 0 ;; esac; done
[ -z "$GUARDRAIL_SESSION" ] || echo "${GUARDRAIL_SESSION##*/}" >>"${NOTES:-/dev/null}"
echo "session ${GUARDRAIL_SESSION##*/}"
mkdir -p "$HOME/.guardrail-demo-ai"
exec 9>>"$HOME/.guardrail-demo-ai/$$.jsonl"
echo '{"kind": "prompt", "text": "do it"}' >&9
n=0
while [ $n -le $(($$ % 4)) ]; do
    printf '{"kind": "command", "text": "make test", "name": "Bash", "call_id": "%s"}\n' $n >&9
    printf '{"kind": "tool result", "text": "1 failed", "name": "Bash", "call_id": "%s", "ok": false}\n' $n >&9
    echo "$n make test: 1 failed"
    n=$((n + 1))
done
[ -z "$COUNT" ] || seq 1 "$COUNT"
[ -z "$WORK" ] || sleep "$WORK"
echo '{"kind": "message", "text": "Fixed. All tests pass now."}' >&9
echo "Fixed. All tests pass now."
exit "${STATUS:-0}"
"""


def install(home: Path, work: Path) -> None:
    """Write the CLI to ``work/bin`` and install its shim into the guardrail home, with the real command."""
    program = work / "bin" / NAME
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(SCRIPT)
    program.chmod(0o755)
    words = [str(COMMAND), "install", "--shell", "bash", NAME]
    env = {**environment(home, work, work / "user"), "GUARDRAIL_HOME": str(home)}
    done = subprocess.run(words, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr + done.stdout


def shim(home: Path) -> str:
    """The program that a user starts."""
    return str(home / "shims" / NAME)


def environment(home: Path, work: Path, user: Path, **more: str) -> dict[str, str]:
    """A user's environment after the install: shims first. ``user`` is his HOME, where the CLI keeps transcripts."""
    user.mkdir(parents=True, exist_ok=True)
    path = os.pathsep.join([str(home / "shims"), str(work / "bin"), "/usr/bin", "/bin"])
    ours = {"HOME": str(user), "PATH": path, "NOTES": str(work / "notes"), "TERM": "xterm", "LANG": "C.UTF-8"}
    return {**os.environ, **ours, **more}


def noted(work: Path) -> list[str]:
    """The session of every CLI that was started, in order."""
    notes = work / "notes"
    return notes.read_text().split() if notes.exists() else []


def is_pending(home: Home, session_id: str) -> bool:
    """Whether somebody is still at work on a session that has no record yet."""
    folder = home.sessions / session_id
    if not (folder / "start.json").exists() or find_record(home.spool, session_id) is not None:
        return False
    return not is_dead(folder) or is_in_the_queue(folder)


def is_in_the_queue(folder: Path) -> bool:
    """Whether it ended so lately that it may wait for a finisher that is busy with others."""
    try:
        return time.time() - (folder / "end.json").stat().st_mtime < QUEUED_MOST_S
    except FileNotFoundError:
        return False


def ingest(home: Path) -> None:
    """Have the ingester look, as the background does."""
    words = [str(COMMAND), "worker", "run", "ingest", "--once"]
    subprocess.run(words, env={**os.environ, "GUARDRAIL_HOME": str(home)}, check=True, capture_output=True)


def counts(record: Path) -> tuple[int, int]:
    """How many failures and tool calls a record has."""
    found = json.loads(record.read_bytes())
    return int(found["n_failures"]), len(found["tool_calls"])
