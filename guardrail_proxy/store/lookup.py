"""COLD. One session by the id people type: ``last``, a whole id, or the beginning of one."""

import re
from pathlib import Path

from guardrail_proxy.errors import ConfigError, GuardrailError
from guardrail_proxy.home import Home
from guardrail_proxy.store.query import ask

Row = dict[str, object]
RECORDING = re.compile(r"outputs/\d{4}-\d{2}-\d{2}/[0-9a-f-]{36}\.cast\.gz")
ID_START = re.compile(r"[0-9a-fA-F-]{1,36}")
NEWEST = """
SELECT * FROM sessions WHERE started_at = (SELECT max(started_at) FROM sessions) ORDER BY session_id DESC LIMIT 1
"""
"""Not in order of time, the first: of a million sessions that reads every column of each."""
BY_PREFIX = "SELECT * FROM sessions WHERE starts_with(CAST(session_id AS VARCHAR), ?) ORDER BY started_at LIMIT 2"


class UnknownSessionError(GuardrailError):
    """There is no session of that id."""


def find_session(home: Home, reference: str) -> Row:
    """The session's row of table ``sessions``. UnknownSessionError when there is none, ConfigError for several."""
    if reference == "last":
        found = _rows(home, NEWEST)
        if not found:
            raise UnknownSessionError("there is no session yet: run an AI CLI through its shim first")
        return found[0]
    found = _rows(home, BY_PREFIX, reference.lower()) if ID_START.fullmatch(reference) else []
    if not found:
        raise UnknownSessionError(f"there is no session '{reference}': 'guardrail-proxy sessions' lists them")
    if len(found) > 1:
        raise ConfigError(f"several sessions begin with '{reference}': type more of the id")
    return found[0]


def recording_of(home: Home, output_ref: object) -> Path | None:
    """The recording that a session names, if it is there; a record from elsewhere names nothing but recordings."""
    if not isinstance(output_ref, str) or not RECORDING.fullmatch(output_ref):
        return None
    path = home.root / output_ref
    return path if path.is_file() else None


def child_rows(home: Home, session: Row, table: str, order: str) -> list[Row]:
    """The session's rows of one of its child tables; ``table`` and ``order`` are ours, never a user's."""
    query = f"SELECT * EXCLUDE (session_id, day) FROM {table} WHERE session_id = ? AND day = ? ORDER BY {order}"  # noqa: S608
    return _rows(home, query, session["session_id"], session["day"])


def _rows(home: Home, query: str, *parameters: object) -> list[Row]:
    answer = ask(home, query, parameters)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
