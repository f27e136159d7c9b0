"""Find text in prompts, messages and commands."""

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.commands._progress import slow_progress
from guardrail_proxy.commands._render import MOST, as_json, local_time, shown
from guardrail_proxy.store.search import KINDS, THOUSAND, Hit, search
from guardrail_proxy.store.settle import settle

HEADERS = ("session", "started", "cli", "event", "kind", "text")


@click.command("search")
@click.argument("text")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only there; may be repeated.")
@click.option("--since", help="Only sessions of the last 30m, 12h, 7d, 2w, or since a date like 2026-01-31 (UTC).")
@click.option("--limit", type=click.IntRange(1, MOST), default=20, show_default=True, help="At most this many.")
@click.option("--json", "is_json", is_flag=True, help="As JSON, times in UTC.")
def command(text: str, kinds: tuple[str, ...], since: str | None, limit: int, *, is_json: bool) -> None:
    """Find TEXT in prompts, messages and commands of all sessions, newest first, whatever its case.

    Exit status: 0 found, 1 found nothing, 2 wrong usage.
    """
    home = existing_home()
    settle(home)
    with slow_progress("searching", THOUSAND) as said:
        hits = search(home, text, kinds=kinds or KINDS, since=since, limit=limit, said=said)
    rows = [_row(hit) for hit in hits]
    if is_json:
        click.echo(as_json(HEADERS, [(row[0], hit.started_at, *row[2:]) for row, hit in zip(rows, hits, strict=True)]))
    elif rows:
        click.echo(shown(HEADERS, rows))
    else:
        click.echo("nothing found", err=True)
    if not hits:
        raise click.exceptions.Exit(1)


def _row(hit: Hit) -> tuple[object, ...]:
    return (hit.session_id, local_time(hit.started_at), hit.tool, hit.seq, hit.kind, hit.snippet)
