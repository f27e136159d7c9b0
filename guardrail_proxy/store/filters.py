"""COLD. Which sessions are meant: the options of commands that choose some, as a condition on table ``sessions``."""

import re
from collections.abc import Mapping
from datetime import date

from guardrail_proxy.errors import ConfigError

SINCE = re.compile(r"(\d{1,6})([mhdw])")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
UNITS = {"m": "MINUTES", "h": "HOURS", "d": "DAYS", "w": "WEEKS"}
CONDITIONS = {
    "cli": "tool = ?",
    "mode": "mode = ?",
    "decision": "decision = ?",
    "outcome": "outcome = ?",
    "agent": "agent = ?",
    "repo": "? IN (repo, parse_filename(repo))",
    "tag": "session_id IN (SELECT session_id FROM base.marks WHERE list_contains(tags, ?))",
}
"""Option -> what it asks of a session."""
FAILED = "(success IS NOT TRUE OR decision <> 'approved' OR n_failures > 0)"


def where(chosen: Mapping[str, str | None], since: str | None = None, *, failed: bool = False) -> tuple[str, list[str]]:
    """The WHERE clause (empty when nothing was chosen) and its parameters. ConfigError for an odd time span."""
    given = {name: value for name, value in chosen.items() if value is not None}
    parts = [CONDITIONS[name] for name in given]
    parameters = list(given.values())
    if since is not None:
        text, values = _since(since)
        parts.append(text)
        parameters += values
    if failed:
        parts.append(FAILED)
    return ("WHERE " + " AND ".join(parts) if parts else "", parameters)


def _since(text: str) -> tuple[str, list[str]]:
    match = SINCE.fullmatch(text)
    if match:
        return f"started_at >= make_timestamp(epoch_us(now())) - INTERVAL {int(match[1])} {UNITS[match[2]]}", []
    if DATE.fullmatch(text) and _is_day(text):
        return "started_at >= CAST(? AS TIMESTAMP)", [text]
    raise ConfigError(f"'{text}' is no time span: use 30m, 12h, 7d, 2w or a date like 2026-01-31")


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
