"""Copy everything that is stored into one file."""

from pathlib import Path

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.commands._progress import progress
from guardrail_proxy.store.backup import back_up, size_of


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Copy the database, the records, the recordings and config.toml into a new FILE: NAME.tar, or NAME.tar.zst.

    One consistent moment, also while sessions run: those that run are not in it.

    Exit status: 0 done, 1 the disk refuses or zstd is missing, 2 something is there already.
    """
    home = existing_home()
    with progress("backing up", size_of(home)) as said:
        count = back_up(home, file, said)
    click.echo(f"backed up {count} files to {file}")
