"""Delete sessions for good."""

import sys

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.commands._render import local_time
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.escape import one_line
from guardrail_proxy.install.below_session import refuse_below_session
from guardrail_proxy.store.deletion import delete
from guardrail_proxy.store.lookup import Row, find_session
from guardrail_proxy.store.settle import settle


@click.command("delete")
@click.argument("sessions", nargs=-1, required=True, metavar="ID...")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(sessions: tuple[str, ...], *, yes: bool) -> None:
    """Delete sessions for good: their rows, recordings and records.

    A shell that holds an older copy of the database open sees them until it is closed.

    Exit status: 0 deleted, 1 there is no such session or it still runs, 2 wrong usage, 78 refused inside a guarded
    session.
    """
    refuse_below_session("delete")
    home = existing_home()
    settle(home)
    rows = {str(row["session_id"]): row for row in (find_session(home, name) for name in sessions)}
    if not yes:
        _ask(list(rows.values()))
    click.echo(f"deleted {delete(home, list(rows))}")


def _ask(rows: list[Row]) -> None:
    if not sys.stdin.isatty():
        raise ConfigError("delete asks on a terminal: add --yes to run it without one")
    for row in rows:
        prompt = one_line(str(row["prompt"] or ""), 60)
        click.echo(f"{row['session_id']}  {local_time(row['started_at'])}  {one_line(str(row['tool']))}  {prompt}")
    click.confirm(f"Delete {'it' if len(rows) == 1 else f'these {len(rows)}'} for good?", abort=True)
