"""List the sessions, newest first."""

from typing import get_args

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.commands._render import MOST, as_json, cut, local_time, table, terminal_columns
from guardrail_proxy.result.line import SHORT_ID
from guardrail_proxy.session import Decision, Mode, Outcome
from guardrail_proxy.store.filters import where
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.settle import settle

COLUMNS = """SELECT session_id, started_at, tool, mode, decision, outcome, exit_code, duration_ms, n_violations,
n_failures, evidence, prompt FROM sessions"""
HEADERS = ("id", "started", "cli", "decision", "found", "failed", "outcome", "mode", "exit", "seconds", "prompt")
"""What matters most comes first: a narrow terminal cuts the rest."""


@click.command("sessions")
@click.option("--limit", type=click.IntRange(1, MOST), default=20, show_default=True, help="At most this many.")
@click.option("--cli", help="Only those of this AI CLI.")
@click.option("--mode", type=click.Choice(get_args(Mode)), help="Only those of this mode.")
@click.option("--decision", type=click.Choice(get_args(Decision)), help="Only those judged so.")
@click.option("--outcome", type=click.Choice(get_args(Outcome)), help="Only those that ended so.")
@click.option("--agent", help="Only those of this role.")
@click.option("--repo", help="Only those in this git repository: its root, or its folder's name.")
@click.option("--tag", help="Only those with this tag.")
@click.option("--since", help="Only those of the last 30m, 12h, 7d, 2w, or since a date like 2026-01-31 (UTC).")
@click.option("--failed", is_flag=True, help="Only those that did not succeed, were not approved or had failures.")
@click.option("--json", "is_json", is_flag=True, help="As JSON, times in UTC.")
def command(limit: int, since: str | None, *, failed: bool, is_json: bool, **chosen: str | None) -> None:
    """List the sessions, newest first; times are local. On a terminal ids are short and lines are cut to its width.

    Exit status: 0 also when there are none, 2 wrong usage.
    """
    home = existing_home()
    settle(home)
    clause, parameters = where(chosen, since, failed=failed)
    answer = ask(home, f"{COLUMNS} {clause} ORDER BY started_at DESC, session_id DESC LIMIT ?", [*parameters, limit])
    if is_json:
        click.echo(as_json(answer.columns, answer.rows))
        return
    if not answer.rows:
        click.echo("no sessions")
        return
    room = terminal_columns()
    lines = [_line(dict(zip(answer.columns, row, strict=True)), SHORT_ID if room else None) for row in answer.rows]
    click.echo(cut(table(HEADERS, lines), room))


def _line(row: dict[str, object], id_size: int | None) -> tuple[object, ...]:
    took = row["duration_ms"]
    seconds = f"{took / 1000:.1f}" if isinstance(took, int) else "-"
    names = ("tool", "decision", "n_violations", "n_failures", "outcome", "mode", "exit_code")
    prompt = str(row["prompt"] or "")[:60]
    return (
        str(row["session_id"])[:id_size],
        local_time(row["started_at"]),
        *(row[name] for name in names),
        seconds,
        prompt,
    )
