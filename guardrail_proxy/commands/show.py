"""Show one session: its verdict, what was found, and what happened."""

import json
from collections.abc import Iterator

import click

from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.commands._render import json_value, local_time
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home
from guardrail_proxy.store.lookup import Row, child_rows, find_session
from guardrail_proxy.store.settle import settle

CHILDREN = {
    "events": "seq",
    "violations": "event_seq, rule_id",
    "failures": "event_seq, failure_mode",
    "commands": "seq",
    "tool_calls": "seq",
    "code_blocks": "seq",
    "file_changes": "seq",
    "stages": "ord",
    "agent_activity": "ts",
}
FACTS = (
    ("cli", ("tool", "tool_version", "model")),
    ("mode", ("mode",)),
    ("decision", ("decision",)),
    ("outcome", ("outcome", "exit_code", "signal")),
    ("where", ("cwd", "branch")),
    ("evidence", ("evidence", "coverage")),
    ("prompt", ("prompt",)),
    ("recording", ("output_ref",)),
)
LONGEST = 160


@click.command("show")
@click.argument("session", default="last", metavar="[ID|last]")
@click.option("--json", "is_json", is_flag=True, help="Everything, as one JSON object.")
def command(session: str, *, is_json: bool) -> None:
    """Show one session: its verdict, what was found, and what happened.

    ID may be the beginning of an id, as long as only one session has it.

    Exit status: 0 shown, 1 there is no such session, 2 several sessions begin with it.
    """
    home = existing_home()
    settle(home)
    row = find_session(home, session)
    click.echo(_whole(home, row) if is_json else "\n".join(_lines(home, row)))


def _whole(home: Home, row: Row) -> str:
    children = {table: child_rows(home, row, table, order) for table, order in CHILDREN.items()}
    return json.dumps(json_value({**row, **children}), indent=2)


def _lines(home: Home, row: Row) -> Iterator[str]:
    yield f"session {row['session_id']}  {local_time(row['started_at'])}"
    for label, names in FACTS:
        values = [str(row[name]) for name in names if row[name] not in (None, "")]
        if values:
            yield f"  {label:<10} {one_line('  '.join(values), LONGEST)}"
    for table in ("violations", "failures"):
        for finding in child_rows(home, row, table, CHILDREN[table]):
            yield _finding(finding)
    yield "events"
    for event in child_rows(home, row, "events", "seq"):
        text = one_line(str(event["text"] or ""), LONGEST)
        yield f"  {event['seq']!s:>4} {one_line(str(event['kind'])):<11} {text}"


def _finding(row: Row) -> str:
    name = str(row.get("rule_id") or row.get("failure_mode"))
    return f"  {row['severity']!s:<10} {one_line(name)}: {one_line(str(row['message']), LONGEST)}"
