"""COLD. A view's file: comment lines that say what it is, then the query.

The first comment is the view's sentence, an indented one is part of an example that asks it, and ``name: text`` says
what a column is. A column without such a line has the comment of the table it comes from.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

FOLDER = Path(__file__).parent / "views"
SOURCE = re.compile(r"\b(?:FROM|JOIN) (?:base\.)?(\w{1,60})")
INDENT = "    "


@dataclass(frozen=True, slots=True)
class View:
    """One view of the SQL surface."""

    name: str
    comment: str
    example: str
    columns: Mapping[str, str]
    """Comments of the columns that are this view's own."""
    query: str

    @property
    def sources(self) -> tuple[str, ...]:
        """The tables and views that it is made from, in order."""
        return tuple(SOURCE.findall(self.query))

    def column_comment(self, column: str, known: Mapping[tuple[str, str], str]) -> str | None:
        """What a column is: as this file says, else as the first source does that has it in ``known``."""
        inherited = (known[source, column] for source in self.sources if (source, column) in known)
        return self.columns.get(column) or next(inherited, None)


def read_view(path: Path) -> View:
    """The view in a file; the file's name is its name."""
    lines = path.read_text("utf-8").splitlines()
    header = [line[3:] for line in takewhile(lambda line: line.startswith("--"), lines)]
    notes = [line.partition(": ") for line in header[1:] if line and not line.startswith(INDENT)]
    return View(
        name=path.stem,
        comment=header[0] if header else "",
        example="\n".join(line.removeprefix(INDENT) for line in header if line.startswith(INDENT)),
        columns={name: text for name, _, text in notes},
        query="\n".join(lines[len(header) :]),
    )


def views() -> list[View]:
    """Every view; those that others are made of first."""
    found = [read_view(path) for path in sorted(FOLDER.glob("*.sql"))]
    return sorted(found, key=lambda view: (" base." not in view.query, view.name))
