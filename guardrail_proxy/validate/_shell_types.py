"""WARM. What a parsed shell line is made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command, quoting removed."""

    text: str
    expands: bool = False
    """Holds an expansion whose value is not known here."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """One redirection; of a heredoc or here-string the target is its text."""

    operator: str
    target: Word


@dataclass(frozen=True, slots=True)
class SimpleCommand:
    """One command that the line would run, wrappers like sudo and env taken off."""

    name: str
    """Without folder and quoting: ``rm`` for ``/bin/rm``, ``\\rm`` and ``'rm'``."""
    args: tuple[Word, ...]
    start: int
    """Where it stands in the line, in characters; of a nested one: the outermost command's place."""
    end: int
    assignments: tuple[tuple[str, str], ...] = ()
    redirects: tuple[Redirect, ...] = ()
    wrappers: frozenset[str] = frozenset()
    """What it runs in: ``sudo``, ``xargs``, ``ssh``, ``substitution``, ``function``, ``loop``, ..."""
    level: int = 0
    """How many shells deep: substitutions, ``bash -c``, ``ssh``."""
    cwd: str = ""
    """Where an earlier ``cd`` of the line went; '' when there was none."""
    index: int = 0
    """Place in its pipeline."""
    length: int = 1
    """Commands in its pipeline."""
    previous: "SimpleCommand | None" = None
    """The command whose output it reads, through a pipe or as a process substitution."""
    path: str = ""
    """The name as it was written."""
    folder: str = ""
    """Where the whole line runs, when that is not in the session's folder."""

    @property
    def words(self) -> tuple[str, ...]:
        """The texts of its arguments."""
        return tuple(word.text for word in self.args)

    @property
    def sources(self) -> "tuple[SimpleCommand, ...]":
        """Every command before it in the pipeline, nearest first."""
        return () if self.previous is None else (self.previous, *self.previous.sources)

    def has_flag(self, short: str, *long: str) -> bool:
        """Whether one of the letters (in any cluster) or long options is given, before ``--``."""
        for word in self.words:
            if word == "--":
                return False
            if word.startswith("--"):
                if word.split("=", 1)[0] in long:
                    return True
            elif word.startswith("-") and any(letter in word for letter in short):
                return True
        return False

    @property
    def operands(self) -> tuple[Word, ...]:
        """Arguments that are no options."""
        if any(word.text == "--" for word in self.args):
            cut = next(i for i, word in enumerate(self.args) if word.text == "--")
            return (*(w for w in self.args[:cut] if not _is_option(w.text)), *self.args[cut + 1 :])
        return tuple(word for word in self.args if not _is_option(word.text))


def _is_option(text: str) -> bool:
    return len(text) > 1 and text[0] == "-"
