"""What is guarded here: each AI CLI with its shim, version, mode and sessions."""

import click

from guardrail_proxy.commands._render import terminal_columns, wrapped
from guardrail_proxy.config import load
from guardrail_proxy.config.repository import repository_root
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import default_home
from guardrail_proxy.install.status import CliStatus, statuses
from guardrail_proxy.workers._record import read_record


@click.command("status")
def command() -> None:
    """What is guarded here: each AI CLI with its shim, version, mode and sessions."""
    home = default_home()
    config = load(home, repository_root())
    rows = statuses(home, config)
    lines = [line for row in rows for line in _lines(row)] or ["no AI CLI was found on PATH"]
    total = sum(row.sessions for row in rows)
    archive = f", then in {config.archive} (retention.archive)" if config.archive else ""
    lines.append(
        f"{total} sessions in {home.root}; each is kept {config.retention_days} days (retention_days){archive}"
    )
    cleanup = read_record(home, "cleanup").said
    if cleanup:
        lines.append(f"cleanup: {one_line(cleanup, 300)}")
    click.echo(wrapped(lines, terminal_columns()))


def _lines(row: CliStatus) -> tuple[str, ...]:
    state = f"bypassed: {row.bypassed}" if row.bypassed else "live"
    return (
        f"{row.name}: {one_line(state)}",
        f"  mode {row.mode}, {row.hooks}, {row.sessions} sessions",
        f"  real {one_line(str(row.real or 'not found'))} {row.version or '(version unknown)'}",
        f"  shim {one_line(str(row.shim or 'none'))}",
    )
