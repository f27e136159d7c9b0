"""COLD. SQL over the files that no generation's tables hold: open spool buckets, running sessions, recordings."""

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import bucket_name

CHILD_TABLES = (
    "stages",
    "violations",
    "failures",
    "tool_calls",
    "code_blocks",
    "commands",
    "events",
    "file_changes",
    "agent_activity",
)
"""Tables whose rows come with a session's record, as a list under the table's name."""
GLOB_SPECIAL = {character: f"[{character}]" for character in "*["}
COLUMNS = """
SELECT table_name, column_name, data_type FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name = 'base' AND list_contains(?, table_name)
ORDER BY column_index
"""


def literal(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Sequence[str]) -> str:
    """A SQL list of string literals."""
    return "[" + ", ".join(map(literal, texts)) + "]"


def glob_path(path: Path) -> str:
    """The path as a glob pattern that matches itself alone. ConfigError for what DuckDB cannot have."""
    text = str(path)
    if "\\" in text or "?" in text:
        raise ConfigError(
            f"DuckDB cannot keep a database at '{text}' because of a backslash or '?': choose another home"
        )
    return "".join(GLOB_SPECIAL.get(character, character) for character in text)


def bucket_patterns(spool: Path, first: int) -> list[str]:
    """Glob patterns for the records in bucket ``first`` and every later one: equal, or greater at some digit."""
    name = bucket_name(first)
    later = (
        f"{name[:place]}[{int(digit) + 1}-9]{'[0-9]' * (len(name) - place - 1)}"
        for place, digit in enumerate(name)
        if digit != "9"
    )
    return [f"{glob_path(spool)}/{folder}/*.json" for folder in (*later, name)]


def record_shape(con: duckdb.DuckDBPyConnection) -> str:
    """What from_json makes of a record: unknown keys are ignored, missing ones are NULL."""
    kinds: dict[str, dict[str, object]] = {}
    for table, name, kind in con.execute(COLUMNS, [["sessions", *CHILD_TABLES]]).fetchall():
        kinds.setdefault(table, {})[name] = [kind[:-2]] if kind.endswith("[]") else kind
    lists = {table: [_without_keys(kinds[table])] for table in CHILD_TABLES}
    return json.dumps({**kinds["sessions"], **lists})


def _without_keys(columns: dict[str, object]) -> dict[str, object]:
    return {name: kind for name, kind in columns.items() if name not in ("session_id", "day")}


def spooled_select(con: duckdb.DuckDBPyConnection, files: Sequence[str]) -> str:
    """A query that reads records from files or patterns. A torn or foreign file gives no row and no error.

    ``read_blob`` gives each file in a chunk of its own, and from_json sets a whole chunk up for each: put together
    first, they are read ten times as fast.
    """
    together = f"SELECT unnest(list(content)) AS content FROM read_blob({literals(files)})"  # noqa: S608 # every value went through literal()
    record = f"try(from_json(decode(content), {literal(record_shape(con))}))"
    return (
        f"SELECT unnest(r) FROM (SELECT {record} AS r FROM ({together})) "  # noqa: S608 # the same
        "WHERE r.session_id IS NOT NULL AND r.day IS NOT NULL AND r.started_at IS NOT NULL"
    )


def output_macro(home: Home) -> str:
    """The macro ``output_of(id)``: the text that a session showed, line by line, without control sequences."""
    return OUTPUT_OF.replace("$files", literal(f"{glob_path(home.outputs)}/*/*.cast.gz"))


OUTPUT_OF = r"""
CREATE OR REPLACE MACRO output_of(id) AS TABLE
WITH shown AS (
    SELECT row_number() OVER () AS nr, try(l::JSON) AS e
    FROM read_csv($files, columns = {'l': 'VARCHAR'}, delim = chr(1), quote = '', escape = '', header = false,
        auto_detect = false, strict_mode = false, ignore_errors = true, max_line_size = 134217728, filename = true)
    WHERE filename LIKE '%/' || id || '.cast.gz'
),
whole AS (
    SELECT replace(string_agg(e ->> 2, '' ORDER BY nr), chr(13) || chr(10), chr(10)) AS text
    FROM shown
    WHERE e ->> 1 = 'o'
),
plain AS (
    SELECT regexp_replace(
        text,
        '\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(\x07|\x1b\\)?|\x1b[ -/]*[0-~]|[\x00-\x08\x0b-\x1f\x7f]',
        '', 'g') AS text
    FROM whole
)
SELECT unnest(string_split(text, chr(10))) AS line
FROM plain
"""
