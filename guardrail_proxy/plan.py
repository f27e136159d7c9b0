"""HOT. Reads the compiled plan of one CLI: plain text, one word and its value a line (docs/formats.md)."""

import posix

MAGIC = b"guardrail-proxy plan 1"
LISTS = (
    b"value-flag",
    b"variadic-flag",
    b"oneshot",
    b"housekeeping",
    b"protocol",
    b"conflict",
    b"file-conflict",
    b"off-switch",
    b"arg",
    b"quiet-arg",
    b"env",
    b"input",
    b"file",
    b"lacks",
    b"folder-env",
    b"known-path",
)
SINGLE = (
    b"cli",
    b"mode",
    b"enabled",
    b"inject",
    b"hooked",
    b"stderr-answer",
    b"bypass",
    b"quiet",
    b"interpreter",
    b"real-hint",
    b"hold-limit",
    b"verdict-timeout",
)
MODES = (b"standard", b"strict")
UNCHECKED = frozenset(LISTS) - {b"input"}
"""Words that any value is right for."""
YES_OR_NO = (b"yes", b"no")
CHOICES = {
    b"mode": MODES,
    b"enabled": YES_OR_NO,
    b"inject": YES_OR_NO,
    b"hooked": YES_OR_NO,
    b"stderr-answer": YES_OR_NO,
    b"bypass": YES_OR_NO,
    b"quiet": (b"yes", b"no", b"auto"),
}
NUMBERS = {b"hold-limit": 0, b"verdict-timeout": 1}
"""How many points each may have."""


class PlanError(Exception):
    """The plan cannot be read; the message names file and line."""


class Plan:
    """The words that hold for both modes, and those of each mode."""

    __slots__ = ("path", "shared", "modes")

    def __init__(self, path: bytes) -> None:
        self.path = path
        self.shared: "dict[bytes, list[bytes]]" = {}
        self.modes: "dict[bytes, dict[bytes, list[bytes]]]" = {mode: {} for mode in MODES}

    def all(self, word: bytes, mode: bytes = b"") -> "list[bytes]":
        """Every value of a word, in order: shared ones, then the mode's."""
        return self.shared.get(word, []) + self.modes.get(mode, {}).get(word, [])

    def one(self, word: bytes, default: bytes = b"") -> bytes:
        """The last value of a word."""
        values = self.shared.get(word)
        return values[-1] if values else default

    def says(self, word: bytes, default: bytes = b"yes") -> bool:
        """Whether a yes-or-no word is yes."""
        return self.one(word, default) == b"yes"


def read_plan(path: bytes) -> Plan:
    """The plan in a file. Raises OSError, or PlanError with ``file:line``."""
    return parse_plan(read_file(path), path)


def load_plan(path: bytes) -> "tuple[Plan, PlanError | None]":
    """The plan in a file; or an empty one, which allows nothing, and what is wrong."""
    try:
        return read_plan(path), None
    except PlanError as error:
        return Plan(path), error
    except OSError as error:
        why = path.decode("utf-8", "replace"), error.strerror
        return Plan(path), PlanError("%s cannot be read (%s): run guardrail-proxy install" % why)


def parse_plan(text: bytes, path: bytes) -> Plan:
    """The plan in a text. Raises PlanError with ``file:line``."""
    plan = Plan(path)
    lines = text.split(b"\n")
    if lines[0] != MAGIC:
        raise PlanError(
            "%s:1: not a plan of this version: run guardrail-proxy install" % path.decode("utf-8", "replace")
        )
    into, is_plain = plan.shared, b"\\" not in text
    for number, line in enumerate(lines[1:], 2):
        if not line or line[:1] == b"#":
            continue
        word, _, value = line.partition(b" ")
        if word == b"in" and value in MODES:
            into = plan.modes[value]
            continue
        wrong = "" if word in UNCHECKED else what_is_wrong(word, value)
        if wrong:
            where = path.decode("utf-8", "replace"), number, wrong, line[:80].decode("utf-8", "replace")
            raise PlanError("%s:%d: %s '%s': run guardrail-proxy install" % where)
        into.setdefault(word, []).append(value if is_plain else unescape(value))
    return plan


def what_is_wrong(word: bytes, value: bytes) -> str:
    """'' for a line as docs/formats.md has it."""
    if word not in LISTS and word not in SINGLE:
        return "unknown word"
    if word in CHOICES and value not in CHOICES[word]:
        return "unknown value"
    if word in NUMBERS and not value.replace(b".", b"", NUMBERS[word]).isdigit():
        return "not a number"
    if word == b"input" and not all(part.isdigit() for part in [*value.rsplit(b" ", 2), b"?"][1:3]):
        return "not a path, a time and a size"
    return ""


def unescape(value: bytes) -> bytes:
    """A value as it was before backslash and newline were escaped."""
    return b"\\".join(part.replace(b"\\n", b"\n") for part in value.split(b"\\\\"))


def read_file(path: bytes, most: int = 1 << 22) -> bytes:
    """The bytes of a file. Raises OSError."""
    fd = posix.open(path, posix.O_RDONLY | posix.O_CLOEXEC)
    try:
        pieces = []
        while most > 0:
            piece = posix.read(fd, min(most, 1 << 16))
            if not piece:
                break
            pieces.append(piece)
            most -= len(piece)
        return b"".join(pieces)
    finally:
        posix.close(fd)


def is_stale(plan: Plan) -> bool:
    """Whether a file that the plan was made from has changed."""
    for entry in plan.all(b"input"):
        path, mtime, size = entry.rsplit(b" ", 2)
        try:
            found = posix.stat(path)
            if (found.st_mtime_ns, found.st_size) != (int(mtime), int(size)):
                return True
        except OSError:
            if (mtime, size) != (b"0", b"0"):
                return True
    return False
