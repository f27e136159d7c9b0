"""COLD. Whole sessions read back: one row each, with a list for each child table, as the spool's records are."""

from collections.abc import Iterator, Mapping, Sequence

from guardrail_proxy.home import Home
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.spooled import CHILD_TABLES

BATCH = 500
ORDERS = ("seq", "ord", "event_seq", "ts")
"""What the rows of a child table are put in order by: the first of these that it has."""
CHOSEN = """
WITH ids AS MATERIALIZED (SELECT CAST(unnest(CAST(? AS VARCHAR[])) AS UUID) AS session_id),
chosen AS MATERIALIZED (FROM sessions SEMI JOIN ids USING (session_id)),
days AS MATERIALIZED (SELECT DISTINCT day FROM chosen)
"""


def whole_sessions(home: Home) -> str:
    """A query with one parameter, a list of ids: their records, oldest first."""
    names = {table: [str(name) for name, *_ in ask(home, f"DESCRIBE {table}").rows] for table in CHILD_TABLES}
    return whole_query(names)


def whole_query(columns: Mapping[str, Sequence[str]]) -> str:
    """The same for who knows the columns of each child table."""
    children = ", ".join(f"{table}_of AS ({_children(table, columns[table])})" for table in CHILD_TABLES)
    lists = ", ".join(f"coalesce({table}, []) AS {table}" for table in CHILD_TABLES)
    joins = " ".join(f"LEFT JOIN {table}_of USING (session_id)" for table in CHILD_TABLES)
    own = "chosen.* REPLACE (CAST(chosen.session_id AS VARCHAR) AS session_id)"
    return f"{CHOSEN}, {children} SELECT {own}, {lists} FROM chosen {joins} ORDER BY started_at, chosen.session_id"  # noqa: S608 # our own names


def json_records(home: Home, ids: Sequence[str]) -> Iterator[list[str]]:
    """The records as JSON texts, a batch at a time; an id that is gone meanwhile is left out."""
    query = f"SELECT CAST(to_json(record) AS VARCHAR) FROM ({whole_sessions(home)}) AS record"  # noqa: S608 # our own names
    for start in range(0, len(ids), BATCH):
        yield [str(text) for (text,) in ask(home, query, [list(ids[start : start + BATCH])]).rows]


def _children(table: str, names: Sequence[str]) -> str:
    columns = ", ".join(f"{name} := {name}" for name in names if name not in ("session_id", "day"))
    order = next(name for name in ORDERS if name in names)
    return (
        f"SELECT session_id, list(struct_pack({columns}) ORDER BY {order}) AS {table} FROM {table} "  # noqa: S608 # our own names
        "SEMI JOIN ids USING (session_id) SEMI JOIN days USING (day) GROUP BY session_id"
    )
