"""End a pause: every run is guarded again."""

import click

from guardrail_proxy.home import default_home
from guardrail_proxy.install.pause_file import resume


@click.command("resume")
def command() -> None:
    """End a pause: every run is guarded again."""
    click.echo("resumed" if resume(default_home()) else "nothing was paused")
