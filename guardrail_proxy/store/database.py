"""COLD. The store as the Python API offers it: reading, and where it is."""

from collections.abc import Sequence

from guardrail_proxy.home import Home, default_home
from guardrail_proxy.store.lookup import find_session
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.settle import settle

Row = dict[str, object]
NEWEST = "SELECT * FROM sessions ORDER BY started_at DESC, session_id DESC LIMIT ?"


class DatabaseManager:
    """The sessions of one guardrail home. Every method waits a moment for sessions that have just ended."""

    def __init__(self, home: Home | None = None) -> None:
        self.home = home or default_home()

    def query(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """The rows of one statement that reads; docs/sql.md has the tables.

        Raises RefusedError when it does more than read, QueryError with DuckDB's reason.
        """
        settle(self.home)
        answer = ask(self.home, sql, parameters)
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]

    def sessions(self, limit: int = 20) -> list[Row]:
        """The newest sessions, newest first."""
        return self.query(NEWEST, (limit,))

    def session(self, session_id: str) -> Row:
        """One session by its id or the beginning of it. Raises UnknownSessionError."""
        settle(self.home)
        return find_session(self.home, session_id)
