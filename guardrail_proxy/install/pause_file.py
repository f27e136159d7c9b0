"""COLD. The pause: until when standard shims run their CLI unrecorded."""

import contextlib
import re
import time
from datetime import datetime

from guardrail_proxy.config.replace_file import private_folder, replace_file
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
LONGEST_S = 7 * 86_400


def seconds_of(text: str) -> int:
    """``90s``, ``30m``, ``1h``, ``2d`` in seconds; ConfigError otherwise, or beyond seven days."""
    match = re.fullmatch(r"(\d{1,6})([smhd])", text)
    seconds = int(match[1]) * UNITS[match[2]] if match else 0
    if not 0 < seconds <= LONGEST_S:
        raise ConfigError(f'"{one_line(text, 40)}" is no pause: write 30m, 1h or 2d, at most 7d')
    return seconds


def pause(home: Home, seconds: int) -> float:
    """Pause from now; the end, epoch seconds."""
    until = time.time() + seconds
    private_folder(home.root)
    replace_file(home.pause, f"{until:.0f}\n".encode())
    return until


def resume(home: Home) -> bool:
    """End the pause; False when there was none."""
    was = paused_until(home) is not None
    with contextlib.suppress(FileNotFoundError):
        home.pause.unlink()
    return was


def paused_until(home: Home) -> float | None:
    """The end of the pause, epoch seconds; None when nothing is paused."""
    try:
        until = float(home.pause.read_text())
    except (OSError, ValueError):
        return None
    return until if until > time.time() else None


def clock(until: float) -> str:
    """A time for people, in their time zone."""
    return datetime.fromtimestamp(until).astimezone().strftime("%Y-%m-%d %H:%M")
