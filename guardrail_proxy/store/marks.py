"""COLD. What people say of a session: tags, and a pin that keeps it whatever its age."""

import re
from collections.abc import Sequence

import duckdb

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import Home
from guardrail_proxy.store.live import live, republish

TAG = re.compile(r"\w[\w./:-]{0,63}")
ADD = "UPDATE base.marks SET tags = list_sort(list_distinct(list_concat(coalesce(tags, []), ?))) WHERE session_id = ?"
TAKE = "UPDATE base.marks SET tags = [tag FOR tag IN tags IF NOT list_contains(?, tag)] WHERE session_id = ?"
NEW = "INSERT INTO base.marks SELECT ?, false, [] WHERE ? NOT IN (SELECT session_id FROM base.marks)"


def tag(home: Home, session_id: str, names: Sequence[str], *, remove: bool) -> None:
    """Give a session tags, or take them away. ConfigError for what is no tag: one word of at most 64 characters."""
    for name in names:
        if not TAG.fullmatch(name):
            raise ConfigError(f"'{name}' is no tag: one word of letters, digits and _ . / : -, at most 64 characters")
    _mark(home, TAKE if remove else ADD, list(names), session_id)


def pin(home: Home, session_id: str, *, pinned: bool) -> None:
    """Keep a session whatever its age, or no longer."""
    _mark(home, "UPDATE base.marks SET pinned = ? WHERE session_id = ?", pinned, session_id)


def _mark(home: Home, change: str, value: object, session_id: str) -> None:
    with live(home, wait=True) as con:
        assert con is not None
        _change(con, change, value, session_id)
        republish(con, home)


def _change(con: duckdb.DuckDBPyConnection, change: str, value: object, session_id: str) -> None:
    """A session without a row of marks gets one."""
    con.begin()
    con.execute(NEW, [session_id, session_id])
    con.execute(change, [value, session_id])
    con.commit()
