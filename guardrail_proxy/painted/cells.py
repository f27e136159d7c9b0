"""COLD. A terminal screen whose every cell knows where in the output its character is.

pyte keeps the screen. What pyte 0.8 has not is added: an alternate screen, one place for a kept cursor (pyte has a
stack), REP, SU, SD, tabs by count; and what changes rows first has them looked at.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

import pyte
from pyte import modes
from pyte.screens import wcwidth

Cell: TypeAlias = tuple[str, int]
"""(character, its offset in the output); the second half of a wide character is ("", offset)."""
BLANK: Cell = (" ", -1)
MOST_COLUMNS, MOST_LINES = 1000, 500
"""A window larger than this is taken to be as large as this: its size is something a program wrote."""


class Changed(Protocol):
    """Looks at rows that changed."""

    def __call__(self, rows: Sequence[int], *, is_brief: bool) -> None:
        """``is_brief``: they are in the middle of being drawn, and will be looked at again."""


class Cells(pyte.Screen):
    """The screen. ``changed`` is called with rows that changed, before what is on them can be lost."""

    buffer: defaultdict[int, dict[int, Cell]]  # type: ignore[assignment] # pyte copies cells and does not look into them

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(_bounded(columns, MOST_COLUMNS), _bounded(lines, MOST_LINES))
        self.changed: Changed | None = None
        self._fresh: dict[int, int] = {}  # row -> the column that drawing in it has reached
        self._drawn, self._last = 0, BLANK
        self._kept = (0, 0)
        self._main: dict[int, dict[int, Cell]] | None = None

    @property
    def default_char(self) -> Cell:  # type: ignore[override] # as above
        """What stands where nothing was drawn."""
        return BLANK

    def reset(self) -> None:
        """As it is when it begins."""
        super().reset()
        self.cursor.attrs = BLANK  # type: ignore[assignment] # what erasing leaves

    def row(self, y: int) -> list[Cell]:
        """The characters of a row from the first column to the last."""
        if y not in self.buffer:
            return [BLANK] * self.columns
        get = self.buffer[y].get
        return [cell for x in range(self.columns) if (cell := get(x, BLANK))[0]]

    def look(self) -> None:
        """Have every row looked at that changed since it was looked at last."""
        if self._fresh and self.changed:
            rows = sorted(self._fresh)
            self._fresh.clear()
            self.changed(rows, is_brief=False)

    def window(self, columns: int, lines: int) -> None:
        """The window has another size."""
        self.look()
        self.resize(_bounded(lines, MOST_LINES), _bounded(columns, MOST_COLUMNS))
        self.cursor.x = min(self.cursor.x, self.columns)
        self.ensure_vbounds()

    def draw_from(self, text: str, at: int) -> None:
        """Draw characters that are one after the other in the output, from an offset on."""
        if text.isascii() or all(wcwidth(one) == 1 for one in set(text)):
            self._draw_narrow(text, at)
            return
        for place, one in enumerate(text, at):
            size = wcwidth(one)
            if size > 0:
                self._wrap(size)
                self._put([(one, place), ("", place)][:size])

    def _draw_narrow(self, text: str, at: int) -> None:
        start, end = 0, len(text)
        while start < end:
            self._wrap(1)
            stop = min(end, start + self.columns - self.cursor.x)
            self._put(list(zip(text[start:stop], range(at + start, at + stop), strict=True)))
            start = stop

    def _wrap(self, size: int) -> None:
        """Make room for a character at the cursor."""
        if self.cursor.x + size <= self.columns:
            return
        if modes.DECAWM in self.mode:
            self.cursor.x = 0
            self.look_before_scrolling()
            self.index()
        else:
            self.cursor.x = max(0, self.columns - size)

    def _put(self, cells: list[Cell]) -> None:
        x, y, size = self.cursor.x, self.cursor.y, len(cells)
        line = self.buffer[y]
        if self.changed and self._covers(line, x, size):
            self.changed((y,), is_brief=True)
        if modes.IRM in self.mode:
            self.look()
            self.insert_characters(size)
        line.update(zip(range(x, x + size), cells, strict=True))
        self.cursor.x = min(x + size, self.columns)
        self._fresh[y], self._drawn = x + size, y
        self._last = cells[-1] if cells[-1][0] else cells[0]

    def _covers(self, line: dict[int, Cell], x: int, size: int) -> bool:
        """Whether drawing here hides what was completed since the last look: it goes back, or comes back to the row.

        Drawing over old text from left to right completes nothing before it ends.
        """
        reached = self._fresh.get(self.cursor.y)
        if reached is None or (x >= reached and self.cursor.y == self._drawn):
            return False
        return any(line.get(column, BLANK)[0] != " " for column in range(x, x + size))

    def look_before_scrolling(self) -> None:
        """Before a line feed that may move the rows."""
        top, bottom = self.margins or (0, self.lines - 1)
        if self.cursor.y in (top, bottom):
            self.look()

    def look_before_erasing(self, how: int) -> None:
        """Before EL: erasing behind what was just drawn loses nothing of it."""
        if how or self._fresh.get(self.cursor.y, 0) > self.cursor.x or self.cursor.y != self._drawn:
            self.look()

    def alternate(self, *, is_on: bool, and_cursor: bool) -> None:
        """Go to the alternate screen, or back from it."""
        self.look()
        if is_on == (self._main is not None):
            return
        if is_on and and_cursor:
            self.keep_cursor()
        here, there = dict(self.buffer), self._main or {}
        self.buffer.clear()
        self.buffer.update(there)
        self._main = here if is_on else None
        if not is_on and and_cursor:
            self.return_cursor()

    def keep_cursor(self) -> None:
        """Remember where the cursor is."""
        self._kept = (self.cursor.x, self.cursor.y)

    def return_cursor(self) -> None:
        """Put the cursor where it was when it was kept."""
        self.cursor.x, self.cursor.y = self._kept
        self.ensure_hbounds()
        self.ensure_vbounds()

    def next_line(self) -> None:
        """To the first column of the next line."""
        self.carriage_return()
        self.index()

    def restart(self) -> None:
        """RIS: everything is cleared."""
        self.look()
        self._main = None
        self.reset()

    def clear(self) -> None:
        """DECALN fills the screen with a pattern; here it goes empty."""
        self.look()
        self.erase_in_display(2)

    def again(self, count: int) -> None:
        """REP: the last character once more; it comes from where the first one came from."""
        for _ in range(min(count or 1, self.columns) if wcwidth(self._last[0]) == 1 else 0):
            self._wrap(1)
            self._put([self._last])

    def scroll_up(self, count: int) -> None:
        """SU: the rows move up."""
        self._at_top(self.delete_lines, count)

    def scroll_down(self, count: int) -> None:
        """SD: the rows move down."""
        self._at_top(self.insert_lines, count)

    def _at_top(self, change: Callable[[int], None], count: int) -> None:
        x, y = self.cursor.x, self.cursor.y
        self.cursor.y = (self.margins or (0, 0))[0]
        change(min(count or 1, self.lines))
        self.cursor.x, self.cursor.y = x, y

    def tabs(self, count: int) -> None:
        """CHT: forward by tab stops."""
        for _ in range(min(count or 1, self.columns)):
            self.tab()

    def tabs_back(self, count: int) -> None:
        """CBT: back by tab stops."""
        for _ in range(min(count or 1, self.columns)):
            self.cursor.x = max((stop for stop in self.tabstops if stop < self.cursor.x), default=0)

    def margins_and_home(self, top: int | None, bottom: int | None) -> None:
        """DECSTBM."""
        self.set_margins(top, bottom)
        self.cursor_position()


def _bounded(size: int, most: int) -> int:
    return max(1, min(size, most))
