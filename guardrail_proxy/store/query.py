"""COLD. Reading for people: a connection that cannot write, reach other files or be talked into it."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import duckdb

from guardrail_proxy.errors import ConfigError, GuardrailError, RefusedError
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home
from guardrail_proxy.store.generation import is_published
from guardrail_proxy.store.ingest import ensure_published
from guardrail_proxy.store.spooled import glob_path, literals

Value = object
T = TypeVar("T")
Parameters = Sequence[Value] | Mapping[str, Value]
"""For ``?`` in order, or for ``$name``."""
TRIES = 4
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
EXPLAIN = re.compile(r"explain\s+(?:analyze\s+)?(?:\([^()]{0,200}\)\s*)?", re.IGNORECASE)
COMMENTS = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*\*/)+")
GONE = ("No such file", "Could not set lock", "Cannot open file")
"""What a reader may meet when a session ends, or a shell opens the file, between two of its steps."""
OUT_OF_REACH = "file system operations are disabled by configuration"


class QueryError(GuardrailError):
    """DuckDB did not like the query."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave."""

    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]


def connect(home: Home, files: Sequence[Path] = (), *folders: str) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the published generation; one is made where none can be opened.

    ``files``, and what is in those that are folders, may be read beside the store, and our own ``folders`` (each ending
    with a slash) used. Everything else outside is out of reach, and no setting can be changed.
    """
    con = _open(home)
    inside = [name for path in files if path.is_dir() for folder in _names(path) for name in _inside(Path(folder))]
    con.execute(f"SET allowed_directories = {literals([*_own_folders(home), *folders, *inside])}")
    con.execute(f"SET allowed_paths = {literals(_allowed(files))}")
    con.execute("SET python_enable_replacements = false")
    con.execute("SET VARIABLE local_zone = current_setting('TimeZone')")  # what days are days of, in the view days
    con.execute("SET TimeZone = 'UTC'")  # the store's times are UTC: now() and today() must mean the same
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def ask(home: Home, query: str, parameters: Parameters = (), files: Sequence[Path] = ()) -> Answer:
    """Run one statement that reads; return what it gave.

    Raises RefusedError when it does more than read, ConfigError when there are several, QueryError with DuckDB's reason
    in one line.
    """
    return _again(lambda: connect(home, files), lambda con: _run(con, check(con, query), parameters))


def ask_into_parquet(home: Home, query: str, target: Path, parameters: Parameters, files: Sequence[Path]) -> None:
    """The same, the answer written to a file in a folder that holds nothing else."""

    def write(con: duckdb.DuckDBPyConnection) -> None:
        answer = con.sql(check(con, query), params=parameters or None)
        _interruptibly(con, lambda: answer.write_parquet(str(target), compression="zstd"))

    _again(lambda: connect(home, files, f"{target.parent}/"), write)


def _interruptibly(con: duckdb.DuckDBPyConnection, work: Callable[[], None]) -> None:
    """Do what DuckDB does not look for a ctrl-C in; one ends it at once."""
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(work)
        try:
            job.result()
        except KeyboardInterrupt:
            con.interrupt()
            raise


def _again(opened: Callable[[], duckdb.DuckDBPyConnection], use: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
    """Use a connection; another one when what it read was swept away or taken meanwhile."""
    for attempt in range(TRIES):
        con = opened()
        try:
            return use(con)
        except duckdb.IOException as error:
            if attempt == TRIES - 1 or not any(word in str(error) for word in GONE):
                raise QueryError(f"the query failed: {_reason(error)}") from error
        except duckdb.Error as error:
            raise QueryError(f"the query failed: {_reason(error)}") from error
        finally:
            con.close()
    raise AssertionError


def check(con: duckdb.DuckDBPyConnection, query: str) -> duckdb.Statement:
    """The one statement of a query, which only reads; by DuckDB's own parser. RefusedError for any other."""
    statements = con.extract_statements(query)
    if not statements:
        raise ConfigError("the query is empty: give a SELECT")
    for statement in statements:
        if not _only_reads(con, statement):
            kind = str(statement.type).rpartition(".")[2]
            raise RefusedError(f"refused: sql only reads, and this is a statement of type {kind}: use SELECT")
    if len(statements) > 1:
        raise ConfigError(f"the query is {len(statements)} statements: give one, each answer is a call of its own")
    return statements[0]


def _only_reads(con: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> bool:
    """SELECT (so are DESCRIBE, SHOW, SUMMARIZE), or EXPLAIN of one: EXPLAIN ANALYZE runs what it explains."""
    if statement.type == duckdb.StatementType.SELECT:
        return True
    if statement.type != duckdb.StatementType.EXPLAIN:
        return False
    text = COMMENTS.sub(" ", statement.query, count=1).lstrip()
    match = EXPLAIN.match(text)
    inner = con.extract_statements(text[match.end() :]) if match else []
    return len(inner) == 1 and inner[0].type == duckdb.StatementType.SELECT


def _run(con: duckdb.DuckDBPyConnection, statement: duckdb.Statement, parameters: Parameters) -> Answer:
    con.execute(statement, parameters or None)
    columns = tuple(column[0] for column in con.description or ())
    return Answer(columns, con.fetchall())


def _open(home: Home) -> duckdb.DuckDBPyConnection:
    """The published file, opened; another is published where it is not there or a shell holds it read-write."""
    if not is_published(home):
        ensure_published(home)
    for attempt in range(TRIES):
        try:
            return duckdb.connect(str(home.database), read_only=True, config=CONFIG)
        except duckdb.IOException as error:
            if attempt == TRIES - 1:
                raise QueryError(f"cannot open '{home.database}': {_reason(error)}") from error
            ensure_published(home)
        except duckdb.Error as error:
            raise QueryError(f"cannot open '{home.database}': {_reason(error)}") from error
    raise AssertionError


def _own_folders(home: Home) -> list[str]:
    """What the views read: as files, and as the patterns that find them (DuckDB checks a pattern as it is written)."""
    return [name for folder in (home.spool, home.sessions, home.outputs) for name in _inside(folder)]


def _inside(folder: Path) -> tuple[str, str]:
    return f"{folder}/", f"{glob_path(folder)}/"


def _allowed(files: Sequence[Path]) -> list[str]:
    """Every way in which a query may write the names of these files."""
    for path in files:
        if not path.is_file() and not path.is_dir():
            raise ConfigError(f"cannot read '{path}': there is no such file")
    return list(dict.fromkeys(name for path in files for name in _names(path)))


def _names(path: Path) -> list[str]:
    names = [str(path), str(path.absolute())]
    with suppress(OSError):
        names.append(os.path.realpath(path))
    return names


def _reason(error: duckdb.Error) -> str:
    """DuckDB's message without the drawing that points into the query."""
    text = str(error).partition("\n\nLINE ")[0]
    return one_line(text.replace(OUT_OF_REACH, "only the store and files given with --with can be read"), 600)
