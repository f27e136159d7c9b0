"""Take back everything that install changed; sessions stay."""

import sys

import click

from guardrail_proxy.errors import ConfigError, ExitCode
from guardrail_proxy.home import default_home
from guardrail_proxy.install.below_session import refuse_below_session
from guardrail_proxy.install.removal import uninstall


@click.command("uninstall")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--purge", is_flag=True, help="Delete the recorded sessions and the configuration too.")
def command(*, yes: bool, purge: bool) -> None:
    """Take back everything that install changed, byte for byte. Sessions and configuration stay, unless --purge.

    Exit status: 0 done, 1 not wanted after all, 2 no terminal to ask on, 78 refused below a guarded session.
    """
    refuse_below_session("uninstall")
    home = default_home()
    what = f"the guard from {home.root} and the shells' start-up files" + (", and ALL sessions" if purge else "")
    if not yes and not _is_wanted(f"Remove {what}?"):
        click.echo("nothing was changed")
        raise SystemExit(ExitCode.FAILED)
    lines = [_echoed(line) for line in uninstall(home, purge=purge)]
    if not lines:
        click.echo("nothing to remove")
    if home.root.exists():
        click.echo(f"kept: {', '.join(sorted(path.name for path in home.root.iterdir()))} in {home.root}")


def _is_wanted(question: str) -> bool:
    if not sys.stdin.isatty():
        raise ConfigError("uninstall asks on a terminal: add --yes to run it without one")
    return click.confirm(question)


def _echoed(line: str) -> str:
    click.echo(line)
    return line
