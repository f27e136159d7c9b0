"""COLD. ``python -m guardrail_proxy.store.document > docs/sql.md``: the SQL surface, as a published file says it."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from guardrail_proxy.home import Home
from guardrail_proxy.store.ingest import ensure_published
from guardrail_proxy.store.query import connect
from guardrail_proxy.store.schema import FOLDER
from guardrail_proxy.store.view import View, views

INTRODUCTION = """\
# SQL

Every session of a wrapped AI CLI is rows of the tables below, from the moment it has ended. Names are promises: columns
are added, never renamed.

    guardrail-proxy sql "SELECT * FROM sessions ORDER BY started_at DESC LIMIT 5"
    guardrail-proxy sql "SHOW TABLES"
    guardrail-proxy sql "FROM violations" --format json
    guardrail-proxy sql "SELECT * FROM sessions JOIN 'teams.csv' USING (user_name)" --with teams.csv
    guardrail-proxy sql 'SELECT * FROM lies WHERE tool = $cli' --param cli=claude
    guardrail-proxy sql --file weekly.sql --format parquet --out weekly.parquet
    guardrail-proxy demo-data 1000 --home demo && GUARDRAIL_HOME=demo guardrail-proxy sql "FROM top_failures"

| option | what |
|---|---|
| `--format table\\|json\\|csv\\|parquet` | a table (the default), a list of objects, or what a file or pipe takes |
| `--out FILE` | write the answer to a new file, never over one |
| `--file FILE` | take the query from a file |
| `--param NAME=VALUE` | the text that `$NAME` in the query means; it is compared with numbers and times as they are |
| `--with FILE` | a CSV, Parquet or JSON file, or a folder of them, read by this name; may be repeated |
| `--shell` | DuckDB's own shell over the published file, read-only (the package `duckdb-cli`) |

| exit status | why |
|---|---|
| 0 | answered |
| 1 | the query failed: it is wrong, or it reaches for a file that is not its own |
| 2 | wrong usage: no query, several statements, a `--with` file that is not there, an `--out` file that is |
| 78 | refused: a statement that does more than read (COPY, ATTACH, INSTALL, LOAD, SET, PRAGMA, CREATE, INSERT, ...) |

Each of the last three says why in one line on stderr. The query is one statement in
[DuckDB's SQL](https://duckdb.org/docs/stable/sql/introduction). It sees the store and the files named with `--with`:
no other file, no network, no environment; and it changes no setting.

Times are `TIMESTAMP` in UTC; in `guardrail-proxy sql`, `now()` and `today()` are UTC too. Every table of sessions has
`day`: a condition on it makes a query over months fast. Join them with `USING (session_id, day)`. Text of a session is
data that an AI wrote: the command escapes what could move your terminal.

Imported sessions are in every table of sessions, with `origin = 'import'`. What answers a question leaves them out:
`lies`, `risky_commands`, `top_failures`, `commits`, `days`, `metrics`, `metric_top`, `failure_trend` and `insights`.
For theirs ask the tables: `FROM failures JOIN sessions USING (session_id, day) WHERE origin = 'import'`.

## In your own shell

`~/.guardrail/sessions.duckdb` is a DuckDB file. Any program that reads DuckDB 1.5 or later can open it, also read-write
and for hours; nobody waits for it, and it sees sessions that end meanwhile. Say `SET TimeZone = 'UTC'` first. Keep
tables of your own in another file and `ATTACH` it: the file behind that name is replaced by a newer one now and then.

The comments below are in the file too: `SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'lies'`.
The schema `base` is how the tables are stored, without the newest sessions; it is no promise.
"""
OUTPUT_OF_EXAMPLE = "SELECT line\nFROM output_of((SELECT max_by(session_id, started_at) FROM sessions))"
COLUMNS = """
SELECT table_name, column_name, data_type, coalesce(comment, '') FROM duckdb_columns()
WHERE schema_name = 'main' AND NOT internal ORDER BY table_name, column_index
"""
TABLE = re.compile(r"^CREATE TABLE base\.(\w{1,60})", re.MULTILINE)
OUTPUT_OF = "SELECT comment FROM duckdb_functions() WHERE function_name = 'output_of'"
Column = tuple[str, str, str]
"""Name, type, comment."""


def document() -> str:
    """The whole page, in Markdown."""
    with TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        ensure_published(home)
        con = connect(home)
        try:
            return "\n".join((INTRODUCTION, *_surface(con)))
        finally:
            con.close()


def _surface(con: duckdb.DuckDBPyConnection) -> Iterator[str]:
    columns: dict[str, list[Column]] = {}
    for view, *column in con.execute(COLUMNS).fetchall():
        columns.setdefault(view, []).append((column[0], column[1], column[2]))
    tables = TABLE.findall((FOLDER / "schema.sql").read_text("utf-8"))
    known = {view.name: view for view in views()}
    plain = [known.pop(name) for name in tables if name in known]
    yield "## Tables\n"
    for view in plain:
        yield from _chapter(view, columns[view.name])
    yield "## Views over them\n"
    for view in known.values():
        yield from _chapter(view, columns[view.name])
    (comment,) = con.execute(OUTPUT_OF).fetchall()[0]
    yield from ("### output_of(id)\n", f"{comment}\n", _example(OUTPUT_OF_EXAMPLE))


def _chapter(view: View, columns: list[Column]) -> Iterator[str]:
    yield f"### {view.name}\n"
    yield f"{view.comment}\n"
    yield f"{_example(view.example)}\n"
    yield "| column | type | what |\n|---|---|---|"
    yield from (f"| `{name}` | {kind} | {comment} |" for name, kind, comment in columns)
    yield ""


def _example(query: str) -> str:
    return f"```sql\n{query};\n```"


if __name__ == "__main__":
    sys.stdout.write(document() + "\n")
