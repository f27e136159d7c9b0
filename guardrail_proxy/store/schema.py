"""COLD. The private database's tables, migrations and views, all from .sql files; the file name is the name."""

import hashlib
from functools import cache
from pathlib import Path

import duckdb

from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.home import Home
from guardrail_proxy.store.spooled import bucket_patterns, glob_path, literal, literals, output_macro, spooled_select
from guardrail_proxy.store.view import View, views

FOLDER = Path(__file__).parent
LIVE_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "storage_compatibility_version": "v1.5.0",
    "threads": "2",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""Files stay readable by DuckDB 1.5 and 2.0, and nothing is ever downloaded."""
OUTPUT_OF_COMMENT = "The text that a session showed, one row a line, without control sequences"
TABLE_COMMENTS = """
SELECT table_name, column_name, comment FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name = 'base' AND comment IS NOT NULL
"""
VIEW_COLUMNS = """
SELECT column_name FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name = 'main' AND table_name = ? ORDER BY column_index
"""


MADE_FOR = """
SELECT comment FROM duckdb_views()
WHERE database_name = current_database() AND schema_name = 'base' AND view_name = 'spooled'
"""
"""Which version of us and which home the views are for, as their comment says."""


class StoreError(GuardrailError):
    """The session store cannot be used."""


def open_live(path: Path) -> duckdb.DuckDBPyConnection:
    """The private database, for the holder of the ingest lock alone; made empty where there is none."""
    try:
        return duckdb.connect(str(path), config=LIVE_CONFIG)
    except duckdb.Error as error:
        raise StoreError(f"cannot open '{path}': {error}") from error


def create(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Make every table, as of the newest migration."""
    con.begin()
    con.execute((FOLDER / "schema.sql").read_text("utf-8"))
    con.execute("INSERT INTO base.state VALUES (0, 1, ?, 0, NULL)", [str(home.root)])
    for path in migration_files():
        _record(con, path)
    con.commit()


def migrate(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Apply the migrations that the file has not seen, in order. StoreError when a newer version of us wrote it."""
    applied = {name for (name,) in con.execute("SELECT name FROM base.migrations").fetchall()}
    unknown = sorted(applied - {file.stem for file in migration_files()})
    if unknown:
        raise StoreError(
            f"'{path}' was written by a newer guardrail-proxy (migration '{unknown[-1]}'): upgrade this one"
        )
    for file in migration_files():
        if file.stem not in applied:
            con.begin()
            con.execute(file.read_text("utf-8"))
            _record(con, file)
            con.commit()


@cache
def surface() -> str:
    """What the tables and views of this version are, as a hash: a file published by another one is made again."""
    files = sorted((*FOLDER.glob("schema.sql"), *FOLDER.glob("views/*.sql")))
    return hashlib.sha256(b"\0".join(path.name.encode() + path.read_bytes() for path in files)).hexdigest()


def migration_files() -> list[Path]:
    """Every migration, oldest first."""
    return sorted((FOLDER / "migrations").glob("*.sql"))


def _record(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    con.execute("INSERT INTO base.migrations VALUES (?, make_timestamp(epoch_us(now())))", [path.stem])


def create_views(con: duckdb.DuckDBPyConnection, home: Home, first_bucket: int, *, anew: bool = False) -> None:
    """Have every view and macro, with their comments; the spool is read from ``first_bucket`` on.

    Making all of them costs more than a day's sums: of a file that has those of this version and home only the one
    over the spool is made again. ``anew`` trusts nothing that is there.
    """
    made_for = f"{duckdb.__version__} {surface()} {home.root}"
    known = con.execute(MADE_FOR).fetchone()
    spooled = spooled_select(con, bucket_patterns(home.spool, first_bucket))
    con.execute(f"CREATE OR REPLACE VIEW base.spooled AS {spooled}")
    if anew or known != (made_for,):
        _create_all(con, home)
    con.execute(f"COMMENT ON VIEW base.spooled IS {literal(made_for)}")


def _create_all(con: duckdb.DuckDBPyConnection, home: Home) -> None:
    made = views()
    for view in made:
        _create_view(con, home, view)
    for view in made:
        _comment_columns(con, view)
    con.execute(output_macro(home))
    con.execute(f"COMMENT ON MACRO TABLE output_of IS {literal(OUTPUT_OF_COMMENT)}")


def _create_view(con: duckdb.DuckDBPyConnection, home: Home, view: View) -> None:
    sessions = glob_path(home.sessions)
    query = view.query.replace("$starts", literals([f"{sessions}/*/start.json"]))
    query = query.replace("$ends", literals([f"{sessions}/*/end.json"]))
    con.execute(f"CREATE OR REPLACE VIEW {view.name} AS {query}")
    con.execute(f"COMMENT ON VIEW {view.name} IS {literal(view.comment)}")


def _comment_columns(con: duckdb.DuckDBPyConnection, view: View) -> None:
    known = {(table, column): comment for table, column, comment in con.execute(TABLE_COMMENTS).fetchall()}
    for (column,) in con.execute(VIEW_COLUMNS, [view.name]).fetchall():
        comment = view.column_comment(column, known)
        if comment:
            con.execute(f"COMMENT ON COLUMN {view.name}.{column} IS {literal(comment)}")
