"""The AI did the same thing four times in a row with the same result, or went round the same two or three steps.

Waiting for something in the background is no loop, and neither is a call whose result is not known. Rounds of two or
three steps are observed, not counted.

What to do: stop it and say what to try instead; a loop costs tokens and ends nowhere.
"""

from collections.abc import Iterator

from guardrail_proxy.detect.failure import Failure, Status
from guardrail_proxy.detect.runs import POLLS, results_of
from guardrail_proxy.session import Event, Severity, Transcript

SEVERITY: Severity = "medium"
STATUS: Status = "counted"
FIX = "change the approach after a repeated result instead of repeating the call"
TIMES = 4
LONGEST_ROUND = 3
ACTIONS = frozenset({"command", "tool call", "file write"})
Step = tuple[str, ...]


def _steps(*texts: str) -> tuple[Event, ...]:
    return tuple(
        event
        for i, text in enumerate(texts)
        for event in (Event("command", text, call_id=str(i)), Event("tool result", "boom", call_id=str(i)))
    )


_SAME = _steps("make", "make", "make", "make")
bad = (_SAME, _steps(*("make", "ls") * 4))
good = (
    _SAME[:6],
    _steps(*("make", "ls") * 3),
    tuple(
        event
        for i in range(4)
        for event in (Event("command", "make", call_id=str(i)), Event("tool result", str(i), call_id=str(i)))
    ),
    (Event("command", "make"),) * 4,
    tuple(
        event
        for i in range(4)
        for event in (
            Event("tool call", "{}", name="BashOutput", call_id=str(i)),
            Event("tool result", "", call_id=str(i)),
        )
    ),
)


def check(transcript: Transcript) -> Iterator[Failure]:
    """Each series of steps that came round for the fourth time; reported once, when it does."""
    results = results_of(transcript.events)
    steps: list[Step] = []
    for seq, event in enumerate(transcript.events):
        if event.kind not in ACTIONS or event.name in POLLS:
            continue
        result = results.get(event.call_id)
        known = result.text if result else f"unknown {seq}"
        steps.append((event.kind, event.name, event.path, event.text, event.agent_path, known))
        length = _round(steps)
        if length:
            what = f"the same {event.kind}" if length == 1 else f"a round of {length} steps"
            message = f"{what} ran {TIMES} times in a row with the same result"
            yield Failure(message, seq, event.text, status=STATUS if length == 1 else "observe")


def _round(steps: list[Step]) -> int:
    """How many steps the round has that was just completed for the fourth time, 0 for none."""
    return next((n for n in range(1, LONGEST_ROUND + 1) if _is_fourth(steps, n)), 0)


def _is_fourth(steps: list[Step], length: int) -> bool:
    tail = steps[-length * TIMES :]
    if len(tail) < length * TIMES or tail != tail[:length] * TIMES or (length > 1 and len(set(tail)) == 1):
        return False
    before = steps[-length * TIMES - 1 : -length * TIMES]
    return not before or before[0] != tail[length - 1]
