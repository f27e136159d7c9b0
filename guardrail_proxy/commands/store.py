"""Where the store is, whether it is sound, and how big."""

from pathlib import Path

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.commands._render import table
from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.home import Home, default_home
from guardrail_proxy.log.spool import buckets
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.store.lookup import recording_of
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.removal import compact

CHECK = """
SELECT 'sessions twice' AS problem, count(*) AS n
FROM (SELECT session_id FROM sessions GROUP BY session_id HAVING count(*) > 1)
UNION ALL
SELECT 'sessions without their violations', count(*)
FROM sessions AS s
WHERE n_violations <> (SELECT count(*) FROM violations AS v WHERE v.session_id = s.session_id)
UNION ALL
SELECT 'sessions without their failures', count(*)
FROM sessions AS s
WHERE n_failures <> (SELECT count(*) FROM failures AS f WHERE f.session_id = s.session_id)
"""


@click.group("store")
def command() -> None:
    """Where the store is, whether it is sound, and how big.

    Exit status: 0 fine, 1 check found a problem.
    """


@command.command("path")
def path() -> None:
    """Print the DuckDB file to open."""
    click.echo(str(default_home().database))


@command.command("check")
def check() -> None:
    """Load what is due, then look for lost, doubled or torn sessions and missing recordings."""
    home = existing_home()
    ingest(home, wait=True)
    problems = [(str(name), count) for name, count in ask(home, CHECK).rows if count]
    missing = _missing_recordings(home)
    if missing:
        problems.append(("recordings that are not there", missing))
    bad = len(list((home.spool / "bad").glob("*.bad")))
    if bad:
        problems.append((f"files in '{home.spool / 'bad'}' that are no records", bad))
    if problems:
        raise GuardrailError("; ".join(f"{name}: {count}" for name, count in problems))
    click.echo("sound")


@command.command("compact")
def compact_store() -> None:
    """Write the database anew without the room that deleted sessions left."""
    home = existing_home()
    before = _size(home.database)
    click.echo(f"{before} bytes before, {compact(home)} now")


@command.command("stats")
def stats() -> None:
    """Print how much is stored."""
    home = existing_home()
    rows = [(str(name), count) for name, count in ask(home, _counts()).rows]
    waiting = sum(1 for _, folder in buckets(home.spool) for _ in folder.glob("*.json"))
    sizes = {"database": home.database, "recordings": home.outputs, "spool": home.spool}
    rows += [("spool files", waiting), *((f"{name}, bytes", _size(where)) for name, where in sizes.items())]
    click.echo(table(("what", "n"), rows))


def _counts() -> str:
    tables = ("sessions", "events", "commands", "violations", "failures")
    return " UNION ALL ".join(f"SELECT '{name}' AS what, count(*) AS n FROM {name}" for name in tables)  # noqa: S608 # our own names


def _missing_recordings(home: Home) -> int:
    rows = ask(home, "SELECT output_ref FROM sessions WHERE output_ref IS NOT NULL").rows
    return sum(recording_of(home, reference) is None for (reference,) in rows)


def _size(where: Path) -> int:
    if where.is_file():
        return where.stat().st_size
    return sum(path.stat().st_size for path in where.rglob("*") if path.is_file())
