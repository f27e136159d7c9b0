"""Show what ran in the background and what went wrong there."""

import time

import click

from guardrail_proxy.home import default_home
from guardrail_proxy.store.journal_lines import LEVELS, Tail

LOOK_EVERY_S = 0.5


@click.command("logs")
@click.option("-f", "--follow", is_flag=True, help="Stay, and show what is added.")
@click.option("--level", type=click.Choice(LEVELS), default="info", show_default=True, help="At least this level.")
@click.option("--limit", type=click.IntRange(1), default=200, show_default=True, help="At most the last so many lines.")
def command(level: str, limit: int, *, follow: bool) -> None:
    """Show what ran in the background and what went wrong there; times are UTC."""
    tail = Tail(default_home().logs)
    lines = tail.read(level)[-limit:]
    for line in lines:
        click.echo(line.shown)
    if not lines and not follow:
        click.echo("no log lines")
    while follow:
        time.sleep(LOOK_EVERY_S)
        for line in tail.read(level):
            click.echo(line.shown)
