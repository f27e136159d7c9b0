"""COLD. Finds the secrets that stand on a screen of cells, and the places of the output that painted them.

Looked at are a row, rows that one line was wrapped over, a private key's rows, and parts of a secret that is known: of
one typed into a field that is painted again with every key, all but the last character was shown before.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import accumulate

from guardrail_proxy.painted.cells import BLANK, Cell, Cells
from guardrail_proxy.secrets.find import find_secrets
from guardrail_proxy.secrets.rules import DataRule, RuleKind, rules
from guardrail_proxy.secrets.span import SecretSpan

EDGE, MARGIN = 4, 8
"""Columns at the right and at the left that a frame and its padding may take of a wrapped line."""
WRAPPED_MOST = 16
"""Rows above and below that are joined at most: two of the longest tokens."""
PART, PARTS_MOST = 8, 256
"""So many characters of a known secret are a part of it; and how many of its characters are looked for so."""
CONTEXT = 8
"""Characters before a marker by which the text is known again that stood there before."""
KNOWN_MOST = 256
"""Secrets whose parts are looked for."""
ORNAMENT = frozenset(" |" + "".join(map(chr, (*range(0x2500, 0x25A0), *range(0x2800, 0x2900)))))
MARKER = re.compile(r"\[redacted:([a-z0-9-]{1,80})\]")
WORD = re.compile(r"\S{8,}")
KEY_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|\[redacted:private-key\]")
KEY_BODY = re.compile(r"[\s\W\d]{0,12}(?:[A-Za-z0-9+/=]{16,}\W{0,8}|-----END [A-Z0-9 ]{0,40}PRIVATE KEY.{0,20})\s*")


class Finder:
    """What was found on the screens of one recording."""

    def __init__(self) -> None:
        self.places: set[int] = set()
        """Offsets of the output that painted a character of a secret."""
        self.count = 0
        """How many secrets: one that was painted again, or grew while it was typed, is one; private keys are one."""
        self._known: set[str] = set()
        self._parts: set[str] = set()
        self._key: set[int] = set()
        self._has_key = False
        self._before: dict[int, list[Cell]] = {}

    def look(self, screen: Cells, rows: Sequence[int], *, is_brief: bool) -> None:
        """Look at rows that changed; briefly: each by itself."""
        row = cache(screen.row)
        for y in rows:
            cells = row(y)
            text = _text(cells)
            if not text.isspace():
                self._search(text, cells)
                self._typed(y, text, cells)
                self._private_key(text, cells, row(y - 1) if y and self._key else [])
                self._over_joints(deque() if is_brief else _wrapped(screen, row, y))

    def forget_rows(self) -> None:
        """The recording is shown from its beginning again."""
        self._before.clear()

    def found(self, secret: str, kind: RuleKind, cells: Iterable[Cell]) -> None:
        """These characters are a secret."""
        is_known = any(known.startswith(secret) or secret.startswith(known) for known in self._known)
        self.count += self._mark(cells) and not is_known
        if len(self._known) < KNOWN_MOST and secret not in self._known:
            self._known.add(secret)
            parts = {secret[at : at + PART] for at in range(min(len(secret), PARTS_MOST) - PART + 1)}
            self._parts |= {part for part in parts if kind != "generic" or not part.isalpha()}

    def _over_joints(self, wrapped: deque[list[Cell]]) -> None:
        """Look at what goes over the joints of rows."""
        joints = tuple(accumulate(map(len, wrapped)))[:-1]
        if joints:
            cells = [cell for row in wrapped for cell in row]
            self._search(_text(cells), cells, joints)

    def _search(self, text: str, cells: list[Cell], joints: Sequence[int] = ()) -> None:
        for span in _spans(text):
            if not joints or any(span.start < joint < span.end for joint in joints):
                self.found(text[span.start : span.end], span.kind, cells[span.start : span.end])
        for word in WORD.finditer(text) if self._parts else ():
            for at in range(word.start(), word.end() - PART + 1):
                if text[at : at + PART] in self._parts:
                    self._mark(cells[at : at + PART])

    def _mark(self, cells: Iterable[Cell]) -> bool:
        """Whether all of these places are new."""
        places = {at for one, at in cells if at >= 0 and one != "*"}
        is_new = bool(places) and places.isdisjoint(self.places)
        self.places |= places
        return is_new

    def _typed(self, y: int, text: str, cells: list[Cell]) -> None:
        """Where a marker stands now, the beginning of its secret may have stood before it was complete."""
        before = self._before.get(y, [])
        for marker in MARKER.finditer(text) if before else ():
            rule = _rule(marker[1])
            word = _word_before(_text(before), text, marker.start())
            if rule and word and any(keyword in word.string[: word.end()].lower() for keyword in rule.keywords):
                self.found(word[0], rule.kind, before[word.start() : word.end()])
        if "[redacted:" not in text:
            self._before[y] = cells

    def _private_key(self, text: str, cells: list[Cell], above: list[Cell]) -> None:
        """A row of base64 below a row of a key belongs to it, also when the key's beginning has scrolled off."""
        if KEY_BEGIN.search(text):
            self._key |= _offsets(cells)
        elif not self._key.isdisjoint(_offsets(above)) and KEY_BODY.fullmatch(text):
            self._key |= _offsets(cells)
            self._mark(cell for cell in cells if cell[0] != " ")
            self.count += not self._has_key
            self._has_key = True


def _word_before(shown: str, text: str, marker: int) -> re.Match[str] | None:
    """The word that a row showed where it has a marker now: at the same column, or after the same characters."""
    context = text[max(0, marker - CONTEXT) : marker]
    at = marker if context.isspace() else shown.find(context) + len(context)
    return WORD.match(shown, at) if shown[:at].endswith(context) else None


def _wrapped(screen: Cells, row: Callable[[int], list[Cell]], y: int) -> deque[list[Cell]]:
    """The rows that one line with a long word may have been wrapped over, without their frames.

    Of more than two, those between are all of the word.
    """
    rows = deque([_inner(row(y))])
    for above in range(y - 1, max(-1, y - 1 - WRAPPED_MOST), -1):
        if not _goes_on(screen, above) or (above < y - 1 and not _is_one_word(rows[0])):
            break
        rows.appendleft(_inner(row(above)))
    for below in range(y + 1, min(screen.lines, y + 1 + WRAPPED_MOST)):
        if not _goes_on(screen, below - 1) or (below > y + 1 and not _is_one_word(rows[-1])):
            break
        rows.append(_inner(row(below)))
    return rows


def _is_one_word(cells: Iterable[Cell]) -> bool:
    return " " not in _text(cells)


def _goes_on(screen: Cells, y: int) -> bool:
    """Whether a row is full to its edge and the next one begins at its margin."""
    here, below = screen.buffer.get(y), screen.buffer.get(y + 1)
    if not here or not below:
        return False
    columns = screen.columns
    return any(here.get(x, BLANK)[0] not in ORNAMENT for x in range(max(0, columns - EDGE), columns)) and any(
        below.get(x, BLANK)[0] not in ORNAMENT for x in range(min(MARGIN, columns))
    )


def _inner(cells: list[Cell]) -> list[Cell]:
    """A row without the frame and the blanks around it."""
    inside = [x for x, cell in enumerate(cells) if cell[0] not in ORNAMENT]
    return cells[inside[0] : inside[-1] + 1] if inside else []


def _text(cells: Iterable[Cell]) -> str:
    return "".join([cell[0] for cell in cells])


def _offsets(cells: Iterable[Cell]) -> set[int]:
    return {at for one, at in cells if at >= 0 and one != " "}


@lru_cache(maxsize=8192)
def _spans(text: str) -> tuple[SecretSpan, ...]:
    """The secrets of a row; programs paint the same rows over and over."""
    return find_secrets(text)


@cache
def _rule(name: str) -> DataRule | None:
    return next((rule for rule in rules() if rule.id == name), None)
