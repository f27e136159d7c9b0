"""WARM. A git command taken apart: its own options off, the verb, and the verb's words."""

import re
from dataclasses import dataclass

from guardrail_proxy.validate.shell import SimpleCommand

GIT = frozenset({"git", "hub"})
_VALUES = frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--super-prefix"})
_CLUSTER = re.compile(r"-[a-zA-Z]+")
_NAMED = frozenset("bBcCtmU")
"""Letters that take a value: what follows one in a cluster is its value."""


@dataclass(frozen=True, slots=True)
class GitCall:
    """One call of git."""

    verb: str
    words: tuple[str, ...]
    """What follows the verb."""

    def has(self, letters: str, *long: str) -> bool:
        """Whether one of the options is given, before ``--``."""
        for word in self.words:
            if word == "--":
                return False
            if word.split("=", 1)[0] in long:
                return True
            if _CLUSTER.match(word) and any(letter in _cluster(word) for letter in letters):
                return True
        return False

    def operands(self, values: set[str]) -> tuple[str, ...]:
        """Words that are no options, nor the value of one of ``values``."""
        found: list[str] = []
        skip = False
        for word in self.words:
            if skip:
                skip = False
            elif word in values:
                skip = True
            elif not word.startswith("-"):
                found.append(word)
        return tuple(found)


def _cluster(word: str) -> str:
    """The letters of ``-fd``; of ``-bname`` only the b."""
    for place, letter in enumerate(word[1:], 1):
        if letter in _NAMED and place == 1:
            return letter
    return word[1:]


def git_call(command: SimpleCommand) -> GitCall | None:
    """The call, or None when git is only asked."""
    words = command.words
    at = 0
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in _VALUES else 1
    if at >= len(words) or words[at] == "help":
        return None
    return GitCall(words[at], words[at + 1 :])
