"""Ask DuckDB about the sessions."""

import sys
from contextlib import AbstractContextManager
from pathlib import Path

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.commands._render import as_csv, as_json, shown, table
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.store.new_file import copied_to, new_file
from guardrail_proxy.store.query import ask, ask_into_parquet
from guardrail_proxy.store.settle import settle
from guardrail_proxy.store.shell import become, shell_words

TEXTS = {"table": table, "json": as_json, "csv": as_csv}
FORMATS = (*TEXTS, "parquet")
LONGEST_QUERY = 1 << 20
FILE = click.Path(path_type=Path)


@click.command("sql")
@click.argument("query", required=False)
@click.option("--file", "source", metavar="FILE", type=FILE, help="Take the query from a file.")
@click.option("--param", "given", multiple=True, metavar="NAME=VALUE", help="The text that $NAME in the query means.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--out", metavar="FILE", type=FILE, help="Write the answer to a new file.")
@click.option(
    "--with", "files", multiple=True, metavar="FILE", type=FILE,
    help="A file that the query may read too, e.g. FROM 'notes.csv', or a folder of them.",
)  # fmt: skip
@click.option("--shell", "is_shell", is_flag=True, help="Open DuckDB's own shell instead, read-only.")
@click.pass_context
def command(ctx: click.Context, /, **_: object) -> None:
    """Ask DuckDB about the sessions: guardrail-proxy sql "SELECT * FROM failures".

    Tables: sessions, events, commands, tool_calls, violations, failures, code_blocks, file_changes, stages,
    agent_activity, live, lies, risky_commands, top_failures and more: SHOW TABLES. Times are UTC. Only statements that
    read are taken, and only the store's own files are in reach.

    Exit status: 0 answered, 1 the query failed, 2 wrong usage, 78 refused: a statement that does more than read.
    """
    asked = ctx.params
    home = existing_home()
    if asked["is_shell"]:
        if asked["query"] or asked["source"]:
            raise ConfigError("--shell takes no query: type it there")
        become(shell_words(home))
    query = _query(asked["query"], asked["source"])
    values, files = dict(map(_parameter, asked["given"])), asked["files"]
    settle(home)
    if asked["form"] == "parquet":
        with _target(asked["out"]) as temporary:
            ask_into_parquet(home, query, temporary, values, files)
        return
    answer = ask(home, query, values, files)
    is_seen = asked["form"] == "table" and asked["out"] is None
    _say((shown if is_seen else TEXTS[asked["form"]])(answer.columns, answer.rows), asked["out"])


def _query(typed: str | None, source: Path | None) -> str:
    """The query, from the one place where it was given."""
    if (typed is None) == (source is None):
        raise ConfigError("give one query: as an argument, or in a file with --file")
    if source is None:
        return str(typed)
    try:
        with source.open("rb") as file:
            data = file.read(LONGEST_QUERY + 1)
    except OSError as error:
        raise ConfigError(f"cannot read '{source}': {error.strerror}") from error
    if len(data) > LONGEST_QUERY:
        raise ConfigError(f"'{source}' is longer than a query may be, {LONGEST_QUERY} bytes")
    return data.decode("utf-8", "replace")


def _parameter(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals or not name.isidentifier():
        raise ConfigError(f"'--param {word}' is not NAME=VALUE")
    return name, value


def _target(out: Path | None) -> AbstractContextManager[Path]:
    """Where Parquet goes: a new file, or what stdout is redirected to."""
    if out is not None:
        return new_file(out)
    if sys.stdout.isatty():
        raise ConfigError("parquet is not for a terminal: add --out FILE or redirect stdout")
    return copied_to(sys.stdout.buffer)


def _say(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text)
        return
    with new_file(out) as temporary:
        temporary.write_text(text + "\n", "utf-8", "backslashreplace")
