"""COLD. What a launcher's shell is asked to do, and its answer: for each CLI what it would run, then the canary."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from guardrail_proxy.install.doctor.launchers import family
from guardrail_proxy.install.env_files import fish_quote, sh_quote
from guardrail_proxy.install.find_clis import known_clis

ASK = {
    "bash": ("type {cli}", "type -a {cli}"),  # the first tells what is hashed
    "zsh": ("whence -va {cli}",),
    "fish": ("type -a {cli}",),
    "sh": ("type {cli}",),
}
PATH = {"fish": "string join : $PATH", "": 'echo "$PATH"'}
STATUS = {"fish": "$status", "": "$?"}
QUIET = "</dev/null >/dev/null 2>&1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the shell said of one CLI."""

    says: tuple[str, ...]
    """Its ``type`` lines."""
    status: str
    """Of the version call; "" when it did not come back."""


@dataclass(slots=True)
class Told:
    """What the shell wrote down."""

    path: str = ""
    is_started: bool = False
    answers: dict[str, Answer] = field(default_factory=dict)


def script(shell: str, clis: tuple[str, ...], notes: str) -> str:
    """The lines for a shell; its answers go to the file ``notes``: start-up files may have closed or moved stdout."""
    kind = family(shell)
    quote = fish_quote if kind == "fish" else sh_quote
    return "; ".join(_lines(kind, clis, f">>{quote(notes)} 2>/dev/null"))


def _lines(kind: str, clis: tuple[str, ...], into: str) -> Iterator[str]:
    yield f"echo started {into}"
    yield f"{PATH.get(kind, PATH[''])} {into}"
    for cli in clis:
        yield f"echo about {cli} {into}"
        yield from (f"{question.format(cli=cli)} {into}" for question in ASK.get(kind, ASK["sh"]))
        yield f"{typed(cli)} {QUIET}"
        yield f"echo status {STATUS.get(kind, STATUS[''])} {into}"


def typed(cli: str) -> str:
    """A call that runs no model, should it reach the real CLI."""
    return " ".join((cli, *known_clis()[cli].version_args))


def read_notes(text: str) -> Told:
    """What ``script`` left."""
    told = Told()
    head, *parts = text.split("about ")
    lines = head.splitlines()
    told.is_started = lines[:1] == ["started"]
    told.path = lines[1] if len(lines) > 1 else ""
    for part in parts:
        cli, *rest = part.splitlines()
        statuses = [line.partition(" ")[2] for line in rest if line.startswith("status ")]
        says = tuple(line for line in rest if line and not line.startswith("status "))
        told.answers[cli] = Answer(says, statuses[-1] if statuses else "")
    return told
