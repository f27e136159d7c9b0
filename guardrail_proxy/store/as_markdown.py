"""COLD. One session as a chapter of Markdown. Text of a session is data: nothing in it ends its block or its line."""

import re
from collections.abc import Iterator

from guardrail_proxy.escape import for_markdown, for_terminal

FACTS = ("tool", "tool_version", "model", "agent", "mode", "decision", "outcome", "exit_code", "cwd", "branch")
LONGEST_LINE = 500
BACKTICKS = re.compile("`{3,}")
Row = dict[str, object]


def as_markdown(record: Row) -> str:
    """The chapter: facts, findings, what happened."""
    return "\n".join(_lines(record)) + "\n"


def _lines(record: Row) -> Iterator[str]:
    yield f"# Session {_inline(record['session_id'])}\n"
    yield f"{_inline(record['started_at'])} UTC\n"
    yield "| what | value |\n|---|---|"
    yield from (f"| {name} | {_inline(record[name])} |" for name in FACTS if record.get(name) not in (None, ""))
    yield ""
    findings = [*_rows(record, "violations"), *_rows(record, "failures")]
    if findings:
        yield "## Findings\n"
        yield from map(_finding, findings)
        yield ""
    yield "## What happened\n"
    for event in _rows(record, "events"):
        yield f"### {_inline(event.get('seq'))}. {_inline(event.get('kind'))}\n"
        yield block(str(event.get("text") or ""))


def _finding(row: Row) -> str:
    name = row.get("rule_id") or row.get("failure_mode")
    return f"- {_inline(row.get('severity'))} **{_inline(name)}**: {_inline(row.get('message'))}"


def block(text: str) -> str:
    """A fenced block whose fence is longer than any run of backticks in it."""
    shown = for_terminal(text.replace("\r\n", "\n"))
    fence = "`" * max((len(run) + 1 for run in BACKTICKS.findall(shown)), default=3)
    return f"{fence}text\n{shown}\n{fence}\n"


def _inline(value: object) -> str:
    return for_markdown(str(value)[:LONGEST_LINE])


def _rows(record: Row, table: str) -> list[Row]:
    rows = record.get(table)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
