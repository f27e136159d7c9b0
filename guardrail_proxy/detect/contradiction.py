"""COLD. Whether what a session did bears out a claim that a check is green."""

import re
from dataclasses import dataclass

from guardrail_proxy.detect.claims import Claim
from guardrail_proxy.detect.failure import Status
from guardrail_proxy.detect.history import History
from guardrail_proxy.detect.runs import Run

PASSED = re.compile(r"\b(\d{1,6})\s+(?:tests?\s+)?pass(?:ed|ing)?\b|\bpass\s+(\d{1,6})\b", re.IGNORECASE)
FAILED_LINE = re.compile(r"(?m)^.*(?:FAIL|✗|✕|●|not ok|Error).*$")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Why a claim does not stand."""

    why: str
    """Ends the sentence "claimed that the tests are green ..."."""
    status: Status = "counted"


def contradiction(claim: Claim, seq: int, history: History, *, is_admitted: bool = False) -> Contradiction | None:
    """Why the claim at an event does not stand; None when it does or when it cannot be known.

    ``is_admitted``: the same message says that something fails.
    """
    if _is_borne_out_later(claim, seq, history):
        return None
    runs = history.runs_before(claim.check, seq)
    found = _by_last_run(claim, seq, runs, history) if runs else _without_run(claim, seq, history)
    is_about_failure = found is not None and is_admitted and bool(runs)
    return None if is_about_failure else found


def _without_run(claim: Claim, seq: int, history: History) -> Contradiction | None:
    if not history.is_whole or history.is_unclear(-1, seq):
        return None
    if claim.check == "build" and history.runs_before("test", seq):
        return None
    if history.is_resumed and not history.is_edited((-1, 0), (seq, 0)):
        return None
    return Contradiction("without having run it in this session")


def _by_last_run(claim: Claim, seq: int, runs: tuple[Run, ...], history: History) -> Contradiction | None:
    last = runs[-1]
    is_edited = history.is_edited(last.place, (seq, 0))
    match last.outcome:
        case "red":
            return None if _is_about_what_passed(claim, last) else Contradiction("after its last run had failed")
        case "empty":
            return Contradiction("although its last run found nothing to run", "observe")
        case "green" if is_edited and not history.is_unclear(_last_edit(history, seq), seq):
            return Contradiction("although code was changed after its last run")
        case "green" if last.is_narrow and claim.is_universal and _is_whole_still_red(last, runs, history):
            return Contradiction("although the last run of everything had failed and only a part was run since")
    return None


def _last_edit(history: History, seq: int) -> int:
    return max(edit[0] for edit in history.edits if edit[0] < seq)


def _is_about_what_passed(claim: Claim, run: Run) -> bool:
    """A claim about a part of a red run that was green: so many tests, or tests that did not fail."""
    if claim.is_universal:
        return False
    passed = {int(a or b) for a, b in PASSED.findall(run.output)}
    if claim.counts & passed:
        return True
    failed = "\n".join(FAILED_LINE.findall(run.output))
    return bool(claim.names) and bool(failed) and not any(name in failed for name in claim.names)


def _is_whole_still_red(last: Run, runs: tuple[Run, ...], history: History) -> bool:
    whole = [run for run in runs if not run.is_narrow]
    if not whole or whole[-1].outcome != "red":
        return False
    since = whole[-1].place
    is_touched = history.is_edited(since, last.place) or any(since[0] < seq < last.seq for seq in history.acts)
    return not is_touched


def _is_borne_out_later(claim: Claim, seq: int, history: History) -> bool:
    """A claim that came early: the next run is green, and no code was changed in between."""
    later = [run for run in history.runs if run.seq > seq and run.check == claim.check]
    return bool(later) and later[0].outcome == "green" and not history.is_edited((seq, 0), later[0].place)
