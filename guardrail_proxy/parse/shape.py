"""WARM. Takes JSON apart without trusting its shape: a wrong type reads as empty, never raises."""

from collections.abc import Sequence
from datetime import datetime

JsonObject = dict[str, object]
LATEST = 253_402_300_800.0
"""The year 10000: no clock says so, and no calendar can."""


def as_object(value: object) -> JsonObject:
    """The value when it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> Sequence[object]:
    """The value when it is a JSON list, else an empty one."""
    return value if isinstance(value, list) else ()


def as_text(value: object) -> str:
    """The value when it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def as_count(value: object) -> int | None:
    """The value when it is a whole number that SQL can hold, else None."""
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62
    return value if fits and isinstance(value, int) else None


def as_flag(value: object) -> bool | None:
    """The value when it is true or false, else None."""
    return value if isinstance(value, bool) else None


def as_time(value: object) -> float | None:
    """Epoch seconds of an ISO 8601 time or a number of seconds, else None; so is what no calendar holds."""
    try:
        at = float(value) if isinstance(value, int | float) else datetime.fromisoformat(as_text(value)).timestamp()
    except (ValueError, OverflowError):
        return None
    return at if 0 <= at < LATEST and not isinstance(value, bool) else None


def joined_text(content: object, *kinds: str) -> str:
    """The text of a message's content: a string, or a list of parts of these types."""
    if isinstance(content, str):
        return content
    parts = (as_object(part) for part in as_list(content))
    return "\n".join(as_text(part.get("text")) for part in parts if not kinds or part.get("type") in kinds)
