"""Let standard shims run their CLIs unrecorded for a while."""

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.config import load
from guardrail_proxy.install.below_session import refuse_below_session
from guardrail_proxy.install.find_clis import shimmed_clis
from guardrail_proxy.install.pause_file import clock, pause, seconds_of


@click.command("pause")
@click.argument("duration", default="1h", metavar="[30m|1h|2d]")
def command(duration: str) -> None:
    """Let standard shims run their CLIs unrecorded for a while (1h); strict ones stay guarded."""
    refuse_below_session("pause")
    home = existing_home()
    config = load(home)
    click.echo(f"paused until {clock(pause(home, seconds_of(duration)))}; guardrail-proxy resume ends it")
    guarded = [name for name in shimmed_clis(home) if not config.bypass_allowed(name)]
    if guarded:
        click.echo(f"still guarded, because strict allows no bypass: {', '.join(guarded)}")
