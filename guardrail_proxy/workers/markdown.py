"""COLD. Writes the last 100 failures to ``AI_Failure_Modes.md`` in the guardrail home."""

from datetime import datetime

from wcwidth import iter_graphemes

from guardrail_proxy.escape import for_markdown, for_terminal
from guardrail_proxy.store.live import live
from guardrail_proxy.store.worker_sql import rows_of
from guardrail_proxy.workers._background import BackgroundWorker
from guardrail_proxy.workers._write import write_if_changed

Row = dict[str, object]
LONGEST_CONTEXT, LONGEST_WORD = 50, 80
MOST_MARKS = 8
"""Code points of one character as people see it, combining ones included."""
HEAD = """\
# AI Failure Modes

What AI coding CLIs did wrong, newest first; times are UTC. Written by guardrail-proxy: changes are overwritten.

| Timestamp | Category | Severity | Tool | Context |
|---|---|---|---|---|
"""


class MarkdownExporter(BackgroundWorker):
    """Every ten minutes; the file stays untouched when nothing changed."""

    flag = "markdown_export"

    def work(self, *, at_once: bool) -> str:
        """Write the report."""
        del at_once
        with live(self.home, wait=True) as con:
            assert con is not None
            rows = rows_of(con, "last_failures")
        changed = write_if_changed(self.home.failure_report, report(rows).encode())
        return f"{'wrote' if changed else 'nothing new among'} {len(rows)} failures"


def report(rows: list[Row]) -> str:
    """The whole page."""
    return HEAD + "".join(map(_line, rows)) + f"\n**Total Failures**: {len(rows)}\n"


def _line(row: Row) -> str:
    words = (cut(str(row[name] or ""), LONGEST_WORD) for name in ("category", "severity", "tool"))
    cells = (_moment(row["ts"]), *words, cut(str(row["context"] or ""), LONGEST_CONTEXT))
    return "| " + " | ".join(map(for_markdown, cells)) + " |\n"


def cut(text: str, longest: int) -> str:
    """At most that many characters as people see them, in one line; what cannot be seen is shown as its number."""
    start = text[: longest * MOST_MARKS * 4]
    line = for_terminal(" ".join(start.split()))
    seen = [character[:MOST_MARKS] for character in iter_graphemes(line)]
    is_whole = len(seen) <= longest and len(start) == len(text)
    return "".join(seen) if is_whole else "".join(seen[: longest - 1]) + "…"


def _moment(value: object) -> str:
    return value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else ""
