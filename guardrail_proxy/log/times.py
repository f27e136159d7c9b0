"""WARM. Epoch seconds -> the store's way to write a time."""

from datetime import UTC, datetime


def utc(seconds: float) -> str:
    """``YYYY-MM-DD HH:MM:SS.ffffff`` in UTC; a time that no calendar knows is the epoch."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        moment = datetime.fromtimestamp(0, UTC)
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def utc_or_none(seconds: float | None) -> str | None:
    """The same, None where the time is not known."""
    return None if seconds is None else utc(seconds)
