"""WARM. A rule about code as a table: which call or assignment, in which languages, with and without what."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guardrail_proxy.session import Event
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import Fact, read

JS = "javascript typescript tsx"
C = "c cpp objc"

LONGEST_NAME, LONGEST_VALUE = 300, 3_000
"""What a pattern gets to see, in characters: some take quadratic time, and nobody writes longer arguments by hand."""


@dataclass(frozen=True, slots=True)
class Row:
    """One pattern of a rule: facts of a kind whose name and value look like this."""

    languages: frozenset[str]
    kind: str
    name: re.Pattern[str]
    value: re.Pattern[str] | None
    unless: re.Pattern[str] | None


def call(languages: str, name: str, value: str = "", unless: str = "") -> Row:
    """Calls whose full name matches, whose arguments match ``value`` and do not match ``unless``."""
    return _row(languages, "call", (name, value, unless))


def assign(languages: str, name: str, value: str = "", unless: str = "") -> Row:
    """Assignments, keyword arguments, defaults and comparisons."""
    return _row(languages, "set", (name, value, unless))


def imports(languages: str, name: str) -> Row:
    """Imports."""
    return _row(languages, "import", (name, "", ""))


def text(languages: str, pattern: str, unless: str = "") -> Row:
    """The text itself, for what has no call: declarations, and languages without a parser here."""
    return _row(languages, "text", (pattern, "", unless))


def _row(languages: str, kind: str, patterns: tuple[str, str, str]) -> Row:
    name, value, unless = patterns
    flags = re.DOTALL | re.MULTILINE
    return Row(
        frozenset(languages.split()),
        kind,
        re.compile(name, flags),
        re.compile(value, flags) if value else None,
        re.compile(unless, flags) if unless else None,
    )


def look(event: Event, table: Iterable[Row], message: str) -> Iterator[Match]:
    """A match for every fact that a row of the table speaks about, one for a place."""
    code = read(event)
    seen: set[int] = set()
    for row in table:
        if code.language not in row.languages:
            continue
        if row.kind == "text":
            spans = [
                (f.start(), f.end())
                for f in row.name.finditer(code.text)
                if not (row.unless and row.unless.search(code.text))
            ]
        else:
            spans = [(fact.start, fact.end) for fact in code.facts if fact.kind == row.kind and _fits(row, fact)]
        for start, end in spans:
            if start not in seen:
                seen.add(start)
                yield Match(start, end, message)


def _fits(row: Row, fact: Fact) -> bool:
    if not row.name.search(fact.name[:LONGEST_NAME]):
        return False
    value = fact.value[:LONGEST_VALUE]
    if row.value is not None and not row.value.search(value):
        return False
    return row.unless is None or not row.unless.search(value)
