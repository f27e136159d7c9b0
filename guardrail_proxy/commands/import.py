"""Take sessions from an export of another machine."""  # noqa: N999 # the file is named as the command is

from pathlib import Path

import click

from guardrail_proxy.commands._progress import progress
from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.home import default_home
from guardrail_proxy.store.importing import import_sessions

MANY_BYTES = 1 << 20


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def command(file: Path) -> None:
    """Take sessions from a FILE that export wrote as jsonl (also gzipped) or parquet.

    The file is not trusted: each record is checked, redacted again and marked as imported (sessions.origin); a session
    whose id is there already stays as it is. Recordings do not come with it.

    Exit status: 0 imported, 1 the file or some of its records cannot be used, 2 wrong usage.
    """
    with progress("importing", file.stat().st_size if file.exists() else 0, MANY_BYTES) as said:
        done = import_sessions(default_home(), file, said)
    click.echo(f"imported {done.new}, already there {done.known}")
    if done.bad:
        raise GuardrailError(f"{done.bad} were left out, the first because {done.first_bad}")
