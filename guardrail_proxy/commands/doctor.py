"""Check that every AI CLI really is guarded: fires a canary through every launcher, and a session through each shim."""

from collections import Counter

import click

from guardrail_proxy.config import load
from guardrail_proxy.errors import ExitCode
from guardrail_proxy.escape import for_terminal, one_line
from guardrail_proxy.home import default_home
from guardrail_proxy.install.doctor import doctor


@click.command("doctor")
def command() -> int:
    """Check that every AI CLI really is guarded, with a canary through every launcher and a session through each shim.

    A launcher is covered when the canary reached our shim through it: shells as terminals, tools, sshd, tmux and cron
    start them, and editors that bring their own copy. Exit status 1 when there is a problem; each comes with its fix. A
    note is a launcher that reads none of the files that install writes to.
    """
    home = default_home()
    counts = Counter[str]()
    for found in doctor(home, load(home)):
        kind = "note" if found.is_note else "ok" if found.ok else "PROBLEM"
        counts[kind] += 1
        click.echo(for_terminal(f"        {found.text}") if found.is_row else f"{kind:<8}{one_line(found.text, 400)}")
        if found.fix:
            click.echo(f"        fix: {one_line(found.fix, 300)}")
    click.echo(summary(counts["PROBLEM"], counts["note"]))
    return ExitCode.FAILED if counts["PROBLEM"] else ExitCode.OK


def summary(problems: int, notes: int) -> str:
    """The last line."""
    said = f"{problems} problems" if problems else "all good"
    return f"{said}; {notes} notes: launchers that install cannot reach" if notes else said
