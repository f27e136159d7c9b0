"""HOT. What kind of call an argv is: housekeeping, protocol, one-shot or interactive; which flags it holds."""

from guardrail_proxy.plan import Plan


class Call:
    """The user's words, read with the CLI's own grammar."""

    __slots__ = ("argv", "flags", "words", "is_housekeeping", "is_protocol", "is_oneshot")

    def __init__(self, plan: Plan, argv: "list[bytes]") -> None:
        self.argv = argv
        takes_value, takes_many = valued_flags(plan), set(plan.all(b"variadic-flag"))
        self.flags, self.words = read_words(argv, takes_value, takes_many)
        self.is_protocol = self._is_one_of(plan.all(b"protocol"))
        self.is_oneshot = self._is_one_of(plan.all(b"oneshot"))
        surely = read_words(certain(argv, takes_value), takes_value, takes_many)
        self.is_housekeeping = not self.is_protocol and is_housekeeping(plan, *surely)

    def _is_one_of(self, patterns: "list[bytes]") -> bool:
        return any(self.has(pattern) for pattern in patterns)

    def has(self, pattern: bytes) -> bool:
        """Whether the call holds a flag (``--x``, ``--x=v``, ``--x v``) or begins with these subcommand words."""
        return matches(pattern, self.flags, self.words)


def matches(pattern: bytes, flags: "list[tuple[bytes, bytes]]", words: "list[bytes]") -> bool:
    """Whether a pattern of the plan is among these flags, or these words begin with it."""
    if not pattern.startswith(b"-"):
        wanted = pattern.split(b" ")
        return words[: len(wanted)] == wanted
    if not flags:
        return False
    flag, _, value = pattern.replace(b" ", b"=", 1).partition(b"=")
    return any(name == flag and (not value or given_is(value, given)) for name, given in flags)


def is_housekeeping(plan: Plan, flags: "list[tuple[bytes, bytes]]", words: "list[bytes]") -> bool:
    """Whether a call of these ``certain`` words cannot run a model: then the real CLI is executed without us."""
    return any(matches(pattern, flags, words) for pattern in plan.all(b"housekeeping"))


def certain(argv: "list[bytes]", takes_value: "set[bytes]") -> "list[bytes]":
    """The words up to ``--`` or to a flag that may take the next word, by a grammar that we do not know; with it.

    ``claude --worktree update`` updates nothing, ``--allowedTools -v`` asks for no version: both run a model.
    """
    at = 0
    while at < len(argv) and argv[at] != b"--":
        if argv[at][:1] == b"-" and argv[at] != b"-":
            name, given, _ = split_flag(argv[at], takes_value)
            if not given and name not in takes_value:
                return argv[: at + 1]
            at += not given
        at += 1
    return argv[:at]


def given_is(wanted: bytes, given: bytes) -> bool:
    """``features.hooks`` also is ``features.hooks = false``, ``"features".hooks.x=1`` and ``features={hooks=...}``."""
    given = b"".join(given.split()).replace(b'"', b"").replace(b"'", b"")
    key, _, value = given.partition(b"=")
    is_table_of_it = value.startswith(b"{") and wanted.startswith(key + b".")
    return given == wanted or given.startswith((wanted + b"=", wanted + b".")) or is_table_of_it


VALUED = (b"off-switch", b"conflict", b"protocol", b"housekeeping")
"""Words whose patterns may be ``FLAG VALUE``: such a flag takes a value, listed or not."""


def valued_flags(plan: Plan) -> "set[bytes]":
    """Flags that take one value."""
    patterns = [line.partition(b" -> ")[0] for word in VALUED for line in plan.all(word)]
    return {p.partition(b" ")[0] for p in patterns if p.startswith(b"-") and b" " in p} | set(plan.all(b"value-flag"))


def read_words(
    argv: "list[bytes]", takes_value: "set[bytes]", takes_many: "set[bytes]"
) -> "tuple[list[tuple[bytes, bytes]], list[bytes]]":
    """(flag, value) pairs and the words that are neither flag nor value; ``--`` ends the flags."""
    flags: "list[tuple[bytes, bytes]]" = []
    words: "list[bytes]" = []
    left, swallows = argv[::-1], False
    while left:
        word = left.pop()
        if word == b"--":
            return flags, words + left[::-1]
        if word[:1] != b"-" or word == b"-":
            words += [] if swallows else [word]
            continue
        name, given, value = split_flag(word, takes_value)
        swallows = name in takes_many and not given
        if (swallows or name in takes_value) and not given and left:
            value = left.pop()  # whatever it looks like: the first value of such a flag is never a flag
        flags.append((name, value))
    return flags, words


def split_flag(word: bytes, takes_value: "set[bytes]") -> "tuple[bytes, bytes, bytes]":
    """(flag, b'' when its value is the next word, value); knows ``--x=v``, ``-xv``, ``-x=v`` and ``-abxv``."""
    if word[:2] != b"--":
        for at in range(1, len(word)):
            if b"-" + word[at : at + 1] in takes_value:
                value = word[at + 1 :]
                return b"-" + word[at : at + 1], value[:1], value[1:] if value[:1] == b"=" else value
    return word.partition(b"=")
