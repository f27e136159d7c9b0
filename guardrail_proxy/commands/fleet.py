"""Ship closed days to a folder of the whole team, for an engine of its own."""

from datetime import UTC, date, datetime

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.commands._progress import progress
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import default_home
from guardrail_proxy.store.fleet.compact import compact_days
from guardrail_proxy.store.fleet.manifest import day_names
from guardrail_proxy.store.fleet.push import missing, pusher
from guardrail_proxy.store.fleet.push import push as push_days
from guardrail_proxy.store.fleet.target import open_target
from guardrail_proxy.store.settle import settle

MANY_DAYS = 5


@click.group("fleet")
def command() -> None:
    """Ship closed days to a folder of the whole team, for an engine of its own: docs/fleet.md.

    TARGET is a folder, local or mounted, or a URL that fsspec knows (s3://, gs://, sftp://, ...; extra: fleet).

    Exit status: 0 done, 1 the target cannot be used or another run is at work, 2 wrong usage.
    """


@command.command("push")
@click.argument("target")
@click.option("--since", metavar="DAY", help="Only days from 2026-01-31 (UTC) on.")
def push(target: str, since: str | None) -> None:
    """Ship the sessions of the days before today (UTC) to TARGET, as Parquet; what is there already stays as it is.

    They are redacted once more. Imported sessions and recordings are not shipped.
    """
    first, home = _day(since), existing_home()
    settle(home)
    with pusher(home, open_target(target, home)) as who:
        days = missing(who, first, datetime.now(UTC).date())
        with progress("pushing", sum(map(len, days.values()))) as said:
            done = push_days(who, days, said)
    click.echo(f"pushed {done} sessions of {len(days)} days" if done else "nothing new to push")


@command.command("compact")
@click.argument("target")
def compact(target: str) -> None:
    """Merge the files of each day in TARGET into one a table. One machine does it, after the others have pushed."""
    place = open_target(target, default_home())
    names = day_names(place)
    if not names:
        raise ConfigError(f"nothing was pushed to '{target}'")
    with place.locked(), progress("compacting", len(names), MANY_DAYS) as said:
        merged = list(compact_days(place, names, said))
    parts = sum(merged)
    click.echo(f"merged {parts} parts of {sum(map(bool, merged))} days" if parts else "nothing to merge")


def _day(text: str | None) -> date:
    """The day that was typed. ConfigError when it is none."""
    try:
        return date.fromisoformat(text) if text else date.min
    except ValueError as error:
        raise ConfigError(f"--since '{text}' is no day: write it like 2026-01-31") from error
