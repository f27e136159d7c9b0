"""COLD. Text search over what was asked, said and run: a substring, whatever its case, newest session first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import Home
from guardrail_proxy.store.filters import where
from guardrail_proxy.store.query import ask

KINDS = ("prompt", "message", "command")
BEFORE = 40
AFTER = 80
Span = tuple[date, date]
"""From the first day to the second, both included."""
TOGETHER = 100_000
"""Sessions that the first query looks at, the newest; each one after it twice as many. Most never come to the old."""
THOUSAND = 1000
DAYS = "SELECT day, count(*) FROM sessions {where} GROUP BY day ORDER BY day DESC"
QUERY = """
WITH chosen AS (SELECT session_id, day, started_at, tool FROM sessions {where})
SELECT CAST(session_id AS VARCHAR), started_at, tool, seq, kind, text, strpos(lower(text), lower(?)) AS place
FROM events JOIN chosen USING (session_id, day)
WHERE day BETWEEN ? AND ? AND list_contains(?, kind) AND contains(lower(text), lower(?))
ORDER BY started_at DESC, session_id DESC, seq
LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One event that holds the text."""

    session_id: str
    started_at: datetime
    tool: str
    seq: int
    kind: str
    snippet: str
    """The text around the hit, not escaped; "…" where something was left out."""


def search(  # noqa: PLR0913 # each is a word of the command
    home: Home,
    text: str,
    *,
    kinds: Sequence[str] = KINDS,
    since: str | None = None,
    limit: int = 20,
    said: Callable[[int], object] = lambda _: None,
) -> list[Hit]:
    """The newest events that hold the text. ConfigError when it is empty.

    ``said`` is told how many more thousandths of the sessions were looked at.
    """
    if not text.strip():
        raise ConfigError("the text to search for is empty")
    clause, parameters = where({}, since)
    query = QUERY.format(where=clause)
    found: list[Hit] = []
    for span, share in _spans(home, clause, parameters):
        values = [*parameters, text, *span, list(kinds), text, limit - len(found)]
        found += [_hit(row, len(text)) for row in ask(home, query, values).rows]
        if len(found) >= limit:
            break
        said(share)
    return found


def _spans(home: Home, clause: str, parameters: Sequence[str]) -> list[tuple[Span, int]]:
    """The days, newest first, some together, each with its thousandths of all sessions."""
    rows = ask(home, DAYS.format(where=clause), parameters).rows
    counts = [(day, n) for day, n in rows if isinstance(day, date) and isinstance(n, int)]
    total = sum(n for _, n in counts)
    spans: list[tuple[Span, int]] = []
    last, size, enough = None, 0, TOGETHER
    for number, (day, n) in enumerate(counts, 1):
        last, size = last or day, size + n
        if size >= enough or number == len(counts):
            spans.append(((day, last), size * THOUSAND // total))
            last, size, enough = None, 0, enough * 2
    return spans


def _hit(row: tuple[object, ...], length: int) -> Hit:
    session_id, started_at, tool, seq, kind, text, place = row
    assert isinstance(started_at, datetime)
    assert isinstance(seq, int)
    assert isinstance(place, int)
    return Hit(str(session_id), started_at, str(tool), seq, str(kind), snippet(str(text), place - 1, length))


def snippet(text: str, place: int, length: int) -> str:
    """The hit with a little of what stands around it."""
    start, end = max(0, place - BEFORE), place + length + AFTER
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
