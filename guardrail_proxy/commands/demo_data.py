"""Fill a guardrail home of its own with made-up sessions, to try queries on."""

from pathlib import Path

import click

from guardrail_proxy.commands._progress import progress
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home
from guardrail_proxy.store.demo_data import STEPS, make_demo

MANY = 5000


@click.command("demo-data")
@click.argument("count", metavar="N", type=click.IntRange(1, 5_000_000))
@click.option("--home", "folder", required=True, metavar="DIR", type=click.Path(path_type=Path), help="A new folder.")
def command(count: int, folder: Path) -> None:
    """Fill a guardrail home of its own with N made-up sessions of the last sixty days, to try queries on.

    Demo data that is there already is replaced; any other folder that is not empty is refused.

    Exit status: 0 made, 2 the folder holds something else.
    """
    home = Home(folder.absolute())
    with progress("making sessions", len(STEPS), 0 if count >= MANY else len(STEPS) + 1) as said:
        make_demo(home, count, said)
    click.echo(f"made {count} sessions: GUARDRAIL_HOME='{one_line(str(home.root))}' guardrail-proxy sessions")
