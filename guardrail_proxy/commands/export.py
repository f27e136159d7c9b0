"""Write sessions to a file: Parquet, JSON lines, Markdown or asciicast."""

from pathlib import Path

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.commands._progress import progress
from guardrail_proxy.store.export import FORMATS, chosen_ids
from guardrail_proxy.store.settle import settle


@click.command("export")
@click.argument("session", required=False, metavar="[ID|last]")
@click.option("--since", help="Those of the last 30m, 12h, 7d, 2w, or since a date like 2026-01-31 (UTC).")
@click.option("--all", "everything", is_flag=True, help="All of them.")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="jsonl", show_default=True)
@click.option("--out", required=True, metavar="PATH", type=click.Path(path_type=Path), help="The new file.")
def command(session: str | None, since: str | None, form: str, out: Path, *, everything: bool) -> None:
    """Write sessions to a new file: the last one, the one named, those since a time, or all.

    jsonl and parquet hold everything but the recordings and can be imported elsewhere. asciicast is the recording as it
    was, untamed: of several sessions, a folder of files. markdown is for reading.

    Exit status: 0 written, 1 there is no such session or no recording, 2 wrong usage, or something is there already.
    """
    home = existing_home()
    settle(home)
    ids = chosen_ids(home, session, since, everything=everything)
    with progress("exporting", len(ids)) as said:
        FORMATS[form](home, ids, out, said)
    click.echo(f"exported {len(ids)}")
