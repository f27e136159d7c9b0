"""COLD. Finishes a session: builds its capture, has it judged, logs it once, tells the relay.

The sidecar comes here when the CLI has ended. ``python -I -m guardrail_proxy.finish FOLDER`` does the same for a
session whose own finisher died; the ingester runs it.
"""

import contextlib
import errno
import fcntl
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

from guardrail_proxy.cli import find_cli
from guardrail_proxy.discover import members
from guardrail_proxy.guard_findings import guard_findings, hook_lines
from guardrail_proxy.hand_on import hand_on
from guardrail_proxy.json_file import read_json
from guardrail_proxy.judged import hand_over
from guardrail_proxy.log import log
from guardrail_proxy.outcome import outcome_of
from guardrail_proxy.painted import Painted, mask_painted
from guardrail_proxy.pipeline import Meta, judge
from guardrail_proxy.result import result
from guardrail_proxy.session import Capture, Decision, Session, Transcript, Verdict
from guardrail_proxy.session_folder import capture_of, facts_of, home_of, meta_of
from guardrail_proxy.sidecar.after import After, after_now, noted_after

REPLIES = 4
TRIES_MOST = 3
FULL = (errno.ENOSPC, errno.EDQUOT)
UNTOLD = "how it began was never written down: what it was asked is not known"


def finish_and_tell(folder: Path, trouble: str = "") -> None:
    """As the sidecar's second half: judge, log, answer the relay, hand on to the ingester.

    ``trouble``: why the recording is not whole.
    """
    session = finish(folder, trouble, REPLIES)
    if session is None:
        return
    if session.capture.mode == "strict":
        tell(session)
    with contextlib.suppress(OSError):
        os.close(REPLIES)
    hand_on(home_of(folder), stale_plans(session))


def stale_plans(session: Session) -> set[str]:
    """The CLI whose plan the session found stale, if it did."""
    return {session.capture.cli} if session.meta.get("stale") == "1" else set()


def load_stages(cli: str) -> None:
    """Import what judging a session of this CLI will need, so that its verdict comes soon."""
    find_cli(cli)
    for folder in ("validate.rules", "detect.failures"):
        members(folder)


def tell(session: Session) -> None:
    """The verdict, as the relay waits for it; the record is in the spool already."""
    line = "verdict approved" if session.verdict.approved else f"verdict blocked {result(session)}"
    with contextlib.suppress(OSError):  # the relay gave up waiting
        os.write(REPLIES, line.encode() + b"\n")


def finish(folder: Path, trouble: str = "", replies: int | None = None, *, was_left: bool = False) -> Session | None:
    """Judge and log the session of a folder, then remove it. None when there is nothing to finish.

    ``was_left``: by its sidecar, which noted what had changed by then. ``replies``: where a caller of the Python API
    listens. He is told first: a full disk changes nothing for him.
    After three tries that did not get here the session is logged as ``unjudged``, with the reason in its coverage.
    """
    start = read_json(folder / "start.json")
    if not start:
        return None
    home, meta = home_of(folder), meta_of(folder)
    capture = capture_of(folder, start, meta)
    facts = facts_of(start, meta)
    painted = Painted(error="not looked at") if capture.recording else None
    if start.get("bypassed"):
        session = unjudged(capture, facts, "bypassed by the user")
    elif count_try(folder) > TRIES_MOST:
        session = unjudged(capture, facts, f"the finisher failed {TRIES_MOST} times")
    else:
        painted = mask_painted(capture.recording) if capture.recording else None  # before parse reads it
        session = judged(capture, facts, meta, noted_after(folder, meta) if was_left else after_now(meta))
    session = covered(session, meta, trouble, painted)
    if replies is not None and facts["origin"] == "api":
        hand_over(session, replies)
    try:
        log(home, session)
    except OSError as error:
        if error.errno in FULL:
            uncount_try(folder)  # no fault of the session's: it is looked at again when there is room
        raise
    shutil.rmtree(folder, ignore_errors=True)
    return session


def judged(capture: Capture, facts: Meta, meta: Meta, after: After) -> Session:
    """The session through the pipeline, with what changed on disk."""
    session = judge(capture, facts, lambda transcript: guard_findings(capture, meta, transcript))
    facts["head_after"] = after.head
    role = [f"agents/{facts['agent']}"] if "agent" in facts else []
    facts["context_docs"] = context_docs(capture, str(meta.get("injected", ""))) + role
    session = replace(session, file_changes=after.changes, meta=facts)
    return without_content(session) if meta.get("excluded") else session


def covered(session: Session, meta: Meta, trouble: str, painted: Painted | None = None) -> Session:
    """The session with what it lacks besides what the stages know: said in its coverage."""
    more: dict[str, str | int | bool] = dict(painted.coverage) if painted else {}
    if not trouble and "argv" not in meta and not session.meta.get("bypassed"):
        trouble = UNTOLD
    if trouble:
        more["recording_error"] = trouble
    if meta.get("dropped"):
        more["not_injected"] = str(meta["dropped"])
    if meta.get("excluded"):
        more["excluded"] = True
    return replace(session, transcript=replace(session.transcript, coverage={**session.transcript.coverage, **more}))


def context_docs(capture: Capture, injected: str) -> list[str]:
    """The ids of the guardrail documents that the session was given: as an argument, or as a hook's answer."""
    was_told = "document" in injected.split(",")
    if not was_told and not any(line.get("event") == "SessionStart" for line in hook_lines(capture)):
        return []
    try:
        return (home_of(capture.folder).plans / capture.cli / "context.ids").read_text(encoding="utf-8").split()
    except OSError:
        return []


def without_content(session: Session) -> Session:
    """For a folder of ``record.exclude``: nothing but the verdict and what was found, without quotes.

    The text of a fault of ours may quote the session, so of that only its kind is kept.
    """
    bare = tuple(replace(f, quote="", message=f.id, event_seq=None) for f in session.findings)
    stages = tuple(replace(stage, error=stage.error.partition(":")[0]) for stage in session.stages)
    faults = {f"{stage.name}_error": stage.error for stage in stages if not stage.ok}
    empty = replace(session.transcript, events=(), coverage={**session.transcript.coverage, **faults})
    return replace(session, transcript=empty, findings=bare, file_changes=(), stages=stages)


def unjudged(capture: Capture, facts: Meta, why: str) -> Session:
    """A session that nobody looked at, recorded as that."""
    decision: Decision = "aborted" if capture.aborted else "unjudged"
    verdict = Verdict(approved=False, because=("guard/unjudged",), evidence="none", decision=decision)
    transcript = Transcript((), "none", {"unjudged": why})
    outcome = outcome_of(capture, transcript)
    return Session(capture, transcript, (), verdict, "completed" if outcome == "chat-only" else outcome, meta=facts)


def count_try(folder: Path) -> int:
    """Count this try, durably, before anything can go wrong; returns its number."""
    path = folder / "tries"
    tries = (len(path.read_bytes()) if path.exists() else 0) + 1
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    os.write(fd, b".")
    os.close(fd)
    return tries


def uncount_try(folder: Path) -> None:
    """Take the last try back."""
    path = folder / "tries"
    os.truncate(path, max(0, path.stat().st_size - 1))


def main() -> None:
    """Finish a dead session; leave one alone whose lock is held."""
    folder = Path(sys.argv[1]).absolute()
    try:
        lock = os.open(folder / "start.json", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    if (folder / "start.json").exists():
        try:
            finish(folder)
        except OSError as error:
            sys.exit(f"guardrail-proxy: {folder.name} could not be logged, the next ingester tries again: {error}")


if __name__ == "__main__":
    main()
