"""Put shims for the AI CLIs found on PATH ahead of them, in every new shell."""

from collections.abc import Iterable, Iterator

import click

from guardrail_proxy.config import load
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import default_home
from guardrail_proxy.install.announcement import announcement
from guardrail_proxy.install.env_files import checked_home
from guardrail_proxy.install.installation import chosen_clis, install, shells_present
from guardrail_proxy.install.start_up import SHELLS


@click.command("install")
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@click.option("--shell", "shells", type=click.Choice(SHELLS), multiple=True, help="Only this shell's start-up files.")
@click.argument("clis", nargs=-1, metavar="[CLI...]")
def command(clis: tuple[str, ...], shells: tuple[str, ...], *, dry_run: bool) -> None:
    """Put shims for the AI CLIs found on PATH ahead of them, in every new shell.

    Prints every change as one line; a second run changes nothing. `uninstall` takes everything back.
    """
    home = default_home()
    checked_home(home)
    config = load(home)
    chosen = chosen_clis(home, clis)
    try:
        changes = list(_shown(install(home, chosen, shells or shells_present(), dry_run=dry_run)))
    except OSError as error:
        raise ConfigError(
            f"{error.filename or home.root} cannot be written ({error.strerror}): make it yours"
        ) from error
    if not changes:
        click.echo("nothing to change")
    for line in announcement(home, config, chosen):
        click.echo(line)
    if changes and not dry_run:
        click.echo(f"now: open a new shell, or run . {home.root}/env.sh")


def _shown(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        click.echo(line)
        yield line
