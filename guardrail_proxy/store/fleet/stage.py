"""COLD. Sessions as the Parquet files of a fleet, one a table and day, in a folder of this machine."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from guardrail_proxy.home import Home
from guardrail_proxy.redact import redact_json
from guardrail_proxy.store.export import Said
from guardrail_proxy.store.schema import FOLDER as SCHEMA
from guardrail_proxy.store.schema import LIVE_CONFIG
from guardrail_proxy.store.spooled import CHILD_TABLES, literal, record_shape
from guardrail_proxy.store.whole import json_records

TABLES = (*CHILD_TABLES, "sessions")
"""In the order in which they are pushed: who finds a session in a folder finds what belongs to it, too."""
LONGEST_RECORD = 1 << 28
PLAIN = {"UUID": "VARCHAR", "JSON": "VARCHAR"}
"""Types that Spark refuses in Parquet, and what they are cast to."""
COLUMNS = """
SELECT column_name, data_type FROM duckdb_columns()
WHERE schema_name = 'base' AND table_name = ? ORDER BY column_index
"""
IDS = "SELECT CAST(session_id AS VARCHAR) AS name FROM base.sessions WHERE day = CAST(? AS DATE) ORDER BY name"


@dataclass(frozen=True, slots=True)
class Stage:
    """The rows of some sessions, in the store's own tables."""

    con: duckdb.DuckDBPyConnection
    host: str
    """Of sessions that do not say theirs."""

    def sessions(self, day: str) -> tuple[str, ...]:
        """Ids of that day's."""
        return tuple(str(name) for (name,) in self.con.execute(IDS, [day]).fetchall())

    def write(self, table: str, day: str, path: Path) -> int:
        """One table's Parquet, with the host in each row; how many rows it has. Without rows it is a file, too."""
        columns = self.con.execute(COLUMNS, [table]).fetchall()
        chosen = [f"CAST(t.{name} AS {PLAIN.get(kind, kind)}) AS {name}" for name, kind in columns if name != "host"]
        query = (
            f"SELECT {', '.join(chosen)}, coalesce(s.host, {literal(self.host)}) AS host FROM base.{table} AS t "  # noqa: S608 # our own names
            f"JOIN base.sessions AS s USING (session_id) WHERE s.day = {literal(day)} ORDER BY t.session_id, t.rowid"
        )
        into = f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)"
        row = self.con.execute(into).fetchone()
        assert row is not None
        return int(row[0])


@contextmanager
def stage(home: Home, ids: Sequence[str], host: str, folder: Path, said: Said) -> Iterator[Stage]:
    """These sessions, staged in the folder; those that are gone meanwhile are left out.

    They are redacted once more: what leaves this machine was looked at with the rules of today. ``said`` is told how
    many more are done.
    """
    records = folder / "records.jsonl"
    with records.open("w", encoding="utf-8", errors="replace", newline="\n") as out:
        for batch in json_records(home, ids):
            out.writelines(_redacted(text) + "\n" for text in batch)
            said(len(batch))
    with duckdb.connect(str(folder / "stage.duckdb"), config=LIVE_CONFIG) as con:
        _fill(con, records)
        yield Stage(con, host)


def _redacted(record: str) -> str:
    return json.dumps(redact_json(json.loads(record)), separators=(",", ":"), ensure_ascii=False)


def _fill(con: duckdb.DuckDBPyConnection, records: Path) -> None:
    """Fill the tables as the ingester does."""
    con.execute("SET TimeZone = 'UTC'")
    con.execute((SCHEMA / "schema.sql").read_text("utf-8"))
    lines = f"read_ndjson_objects({literal(str(records))}, maximum_object_size = {LONGEST_RECORD})"
    shape = literal(record_shape(con))
    records_in = f"SELECT from_json(json, {shape}) AS r FROM {lines}"  # noqa: S608 # every value went through literal()
    con.execute(f"CREATE TEMP TABLE incoming AS SELECT unnest(r) FROM ({records_in})")  # noqa: S608 # the same
    children = ", ".join(CHILD_TABLES)
    con.execute(f"INSERT INTO base.sessions BY NAME SELECT * EXCLUDE ({children}) FROM incoming")  # noqa: S608 # our own names
    for table in CHILD_TABLES:
        rows = f"SELECT session_id, day, unnest({table}, max_depth := 2) FROM incoming"  # noqa: S608 # our own names
        con.execute(f"INSERT INTO base.{table} BY NAME {rows}")
