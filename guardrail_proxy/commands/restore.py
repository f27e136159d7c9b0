"""Bring a backup back, into an empty home."""

from pathlib import Path

import click

from guardrail_proxy.commands._progress import progress
from guardrail_proxy.home import default_home
from guardrail_proxy.install.below_session import refuse_below_session
from guardrail_proxy.store.restore import restore


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Bring a backup back into an empty home: $GUARDRAIL_HOME, or ~/.guardrail before "guardrail-proxy install".

    Exit status: 0 done, 1 FILE is no backup, 2 the home is not empty or wrong usage, 78 refused inside a guarded
    session.
    """
    refuse_below_session("restore")
    home = default_home()
    size = file.stat().st_size if file.is_file() else 0
    with progress("restoring", max(1, size >> 12)) as said:
        count = restore(home, file, said)
    click.echo(f"restored {count} files into {home.root}")
