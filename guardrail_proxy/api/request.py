"""COLD. What a caller asks for, checked when it is made."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from guardrail_proxy.discover import members
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.escape import one_line
from guardrail_proxy.session import Mode

NAME_CHARACTERS_MOST = 200


class RequestError(ConfigError, ValueError):
    """The request is wrong; the message says what, and what to do."""


@dataclass(frozen=True, slots=True)
class AIRequest:
    """One question to one AI CLI.

    Raises RequestError when it is made from something that cannot be asked.
    """

    tool: str
    """The AI CLI: claude, codex, ..."""
    prompt: str
    agent: str | None = None
    """The role that it plays: ``security``, ``reviewer``, or one of the user's own."""
    mode: Mode = "standard"
    """The least strict mode of this run: the configuration, the role and the environment may tighten it."""
    session_id: str | None = None
    """The caller's own name for the run; kept as ``external_id``."""
    args: tuple[str, ...] = ()
    """More arguments for the CLI, such as ``("--model", "opus")``."""
    cwd: str | Path | None = None
    """Where it works; without it where the caller is."""
    structured: bool = False
    """Ask the CLI for its JSON, and fail when that cannot be read."""

    def __post_init__(self) -> None:
        """Check it."""
        wrong = next(_wrongs(self), "")
        if wrong:
            raise RequestError(wrong)


def _wrongs(request: AIRequest) -> Iterator[str]:
    """What is wrong, the most telling first."""
    if request.tool not in members("clis"):
        yield f"'{_shown(request.tool)}' is no tool that is known: one of {', '.join(members('clis'))}"
    if not isinstance(request.prompt, str) or not request.prompt.strip():
        yield "the prompt is empty: say what the AI shall do"
    if request.mode not in get_args(Mode):
        yield f"'{_shown(request.mode)}' is no mode: standard or strict"
    for name in ("agent", "session_id"):
        if not _is_name(getattr(request, name)):
            yield f"the {name} is no text of 1 to {NAME_CHARACTERS_MOST} characters: shorten it, or leave it out"
    yield from _wrong_words(request)


def _wrong_words(request: AIRequest) -> Iterator[str]:
    if not isinstance(request.args, tuple) or not all(isinstance(word, str) for word in request.args):
        yield "args is no tuple of texts: give each argument as a text of its own"
    elif not all(map(_can_be_passed, (request.prompt, *request.args))):
        yield "the prompt or an argument holds a character that no program can be given (NUL, a lone surrogate)"
    if request.cwd is not None and not Path(request.cwd).is_dir():
        yield f"'{_shown(request.cwd)}' is no folder: give one that is there as cwd"


def _is_name(value: object) -> bool:
    return value is None or (isinstance(value, str) and 0 < len(value) <= NAME_CHARACTERS_MOST)


def _can_be_passed(word: str) -> bool:
    try:
        return b"\0" not in os.fsencode(word)
    except UnicodeEncodeError:
        return False


def _shown(value: object) -> str:
    return one_line(str(value), 60)
