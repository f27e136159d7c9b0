"""Run a background worker by hand, or see when each ran and is due."""

import asyncio
from dataclasses import asdict
from datetime import UTC, datetime

import click

from guardrail_proxy.commands._render import as_json, local_time, shown
from guardrail_proxy.config import load
from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.home import default_home
from guardrail_proxy.install.below_session import refuse_below_session
from guardrail_proxy.workers._due import AtHome
from guardrail_proxy.workers._host import all_workers, host
from guardrail_proxy.workers._manager import worker_of
from guardrail_proxy.workers._record import worker_names

HEADERS = ("worker", "on", "runs", "last run", "ms", "next run", "last error", "did")


@click.group("worker")
def command() -> None:
    """Run a background worker by hand, or see when each ran and is due.

    Without a daemon, due workers run in the background after each session.
    """


@command.command("run")
@click.argument("name", type=click.Choice(worker_names()))
@click.option("--once", is_flag=True, help="Run it now, due or not, and end.")
@click.option("--now", is_flag=True, help="The same; cleanup removes what is too old at once, without announcing it.")
def run(name: str, *, once: bool, now: bool) -> None:
    """Run one worker whenever it is due, until ctrl-C; with --once or --now just once.

    Exit status: 0 done, 1 it failed, 78 refused: cleanup --now inside a guarded session.
    """
    home = default_home()
    if now and name == "cleanup":
        refuse_below_session("worker run cleanup --now")
    if not once and not now:
        asyncio.run(host(home, lambda: [worker_of(name, load(home), AtHome(home))]))
        return
    done = worker_of(name, load(home), AtHome(home)).run_now(at_once=now)
    if done.error:
        raise GuardrailError(f"the worker {name} failed: {done.error}")
    click.echo(done.said)


@command.command("status")
@click.option("--json", "is_json", is_flag=True, help="As JSON, times in seconds since 1970.")
def status(*, is_json: bool) -> None:
    """When each worker ran, how long it took, what it did, and when it is due."""
    found = [worker.status() for worker in all_workers(default_home())]
    if is_json:
        rows = [asdict(one) for one in found]
        click.echo(as_json(list(rows[0]), [list(row.values()) for row in rows]))
        return
    click.echo(
        shown(
            HEADERS,
            [
                (
                    one.name,
                    "running" if one.running else "yes" if one.enabled else "no",
                    one.runs,
                    _clock(one.last_run),
                    "-" if one.duration_ms is None else f"{one.duration_ms:.0f}",
                    _clock(one.next_run),
                    one.last_error or "-",
                    one.said or "-",
                )
                for one in found
            ],
        )
    )


def _clock(seconds: float | None) -> str:
    return local_time(datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)) if seconds else "-"
