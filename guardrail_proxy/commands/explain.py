"""Explain what was found in a session, or what a rule means."""

import ast
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from guardrail_proxy.commands._guard_findings import GUARD_FINDINGS
from guardrail_proxy.commands._home import existing_home
from guardrail_proxy.commands._render import local_time, terminal_columns, wrapped
from guardrail_proxy.discover import PACKAGE, member_files, member_id
from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home
from guardrail_proxy.result.line import SHORT_ID
from guardrail_proxy.store.lookup import Row, child_rows, find_session
from guardrail_proxy.store.settle import settle

RULE_FOLDERS = ("validate/rules", "detect/failures")
DECISIONS = {
    "approved": "approved: nothing that counts was found",
    "blocked": "not approved",
    "aborted": "aborted: the session was cut off, so it was never approved",
    "unjudged": "unjudged: it could not be looked at, so it was never approved",
}
LONGEST = 300


@click.command("explain")
@click.argument("what", default="last", metavar="[ID|last|RULE-ID]")
def command(what: str) -> None:
    """Explain what was found in a session, or what a rule means.

    For a session: each finding, the evidence it rests on, and what to do next. For an id with a slash, such as
    secrets/aws-access-key: the rule's own documentation.

    Exit status: 0 explained, 1 there is no such session or rule, 2 several sessions begin with it.
    """
    if "/" in what:
        click.echo(reflowed(rule_documentation(what), terminal_columns()))
        return
    home = existing_home()
    settle(home)
    click.echo(wrapped(_session(home, find_session(home, what)), terminal_columns()))


def rule_documentation(rule_id: str) -> str:
    """The docstring of a rule or failure mode, read without importing it."""
    if rule_id in GUARD_FINDINGS:
        return f"{rule_id}\n\n{GUARD_FINDINGS[rule_id]}"
    for folder in RULE_FOLDERS:
        root = PACKAGE / folder
        found = [path for path in member_files(root) if member_id(root, path) == rule_id]
        if found:
            return f"{rule_id}\n\n{_document(found[0])}"
    raise GuardrailError(f"there is no rule '{rule_id}': 'guardrail-proxy explain last' names those that matched")


def reflowed(text: str, room: int) -> str:
    """Paragraphs as wide as the terminal, 0 for as they are; what is indented or a list keeps its lines."""
    if not room:
        return text
    paragraphs = (paragraph.split("\n") for paragraph in text.split("\n\n"))
    return "\n\n".join(
        wrapped(lines if any(line.startswith((" ", "- ", "|")) for line in lines) else _filled(lines, room), room)
        for lines in paragraphs
    )


def _filled(lines: list[str], room: int) -> list[str]:
    return textwrap.wrap(" ".join(lines), room, break_long_words=False, break_on_hyphens=False)


def _document(path: Path) -> str:
    module = ast.parse(path.read_text("utf-8"))
    parts = [ast.get_docstring(module) or ""]
    for node in module.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="FIX")], value=value)
                | ast.AnnAssign(target=ast.Name(id="FIX"), value=ast.expr() as value)
            ):
                parts.append(f"What to do: {ast.literal_eval(value)}")
    return "\n\n".join(parts)


def _session(home: Home, row: Row) -> Iterator[str]:
    yield f"session {row['session_id']}  {one_line(str(row['tool']))}  {local_time(row['started_at'])}"
    yield _verdict(row)
    yield f"evidence: {row['evidence']}{_coverage(row)}"
    findings = [
        *child_rows(home, row, "violations", "event_seq, rule_id"),
        *child_rows(home, row, "failures", "event_seq, failure_mode"),
    ]
    events = {event["seq"]: event for event in child_rows(home, row, "events", "seq")} if findings else {}
    for finding in findings:
        yield ""
        yield from _finding(finding, events)
    if not findings:
        yield "nothing was found" if row["evidence"] != "none" else "nothing was looked at: there was no evidence"
    yield ""
    short = str(row["session_id"])[:SHORT_ID]
    yield f"next: guardrail-proxy show {short}; guardrail-proxy replay {short}"


def _finding(finding: Row, events: dict[object, Row]) -> Iterator[str]:
    name = one_line(str(finding.get("rule_id") or finding.get("failure_mode")))
    is_observed = finding.get("status") == "observe"
    notes = "  (observed, not counted)" if is_observed else "  (the call was denied)" if finding.get("denied") else ""
    yield f"{finding['severity']} {name}{notes}"
    yield f"  {one_line(str(finding['message']), LONGEST)}"
    event = events.get(finding["event_seq"])
    if event:
        yield f"  in event {event['seq']} ({one_line(str(event['kind']))}, seen in {one_line(str(event['source']))})"
    quote = finding.get("snippet") or finding.get("evidence")
    if quote:
        yield f"  evidence: {one_line(str(quote), LONGEST)}"
    if finding["fix"]:
        yield f"  what to do: {one_line(str(finding['fix']), LONGEST)}"
    yield f"  more: guardrail-proxy explain {name}"


def _verdict(row: Row) -> str:
    decision, because = str(row["decision"]), _because(row)
    if decision == "approved" and because:
        return f"let through: standard blocks nothing; strict would not have approved it because of {because}"
    said = f"{DECISIONS.get(decision, one_line(decision))} ({row['mode']} mode)"
    return f"{said}: {because}" if because else said


def _coverage(row: Row) -> str:
    """What was looked at, source by source."""
    try:
        told = dict(json.loads(str(row["coverage"])))
    except (ValueError, TypeError):
        return ""
    return "".join(f"\n  {one_line(f'{name}: {value}', LONGEST)}" for name, value in told.items() if value)


def _because(row: Row) -> str:
    try:
        because = json.loads(str(row["extra"]))["because"]
    except (ValueError, KeyError, TypeError):
        return ""
    return one_line(", ".join(map(str, because)), LONGEST)
