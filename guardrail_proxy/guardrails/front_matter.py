"""COLD. Markdown files with TOML front matter between ``+++`` lines, read into a model of what they may say."""

import tomllib
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from guardrail_proxy.config.key_line import key_line
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.escape import one_line

FENCE = "+++"
CHARACTERS_MOST = 20_000
"""Of one file: it is part of a session's context, and of what the user pays for."""
Matter = TypeVar("Matter", bound=BaseModel)


def read_markdown(path: Path) -> str:
    """A file's text. Raises ConfigError with file, line and what to do."""
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}:1: cannot be read ({error}): make it a readable UTF-8 file") from error
    if len(text) > CHARACTERS_MOST:
        raise ConfigError(f"{path}:1: longer than {CHARACTERS_MOST} characters: shorten it, or split it into two")
    return text


def split_matter(path: Path, text: str, model: type[Matter], remedy: str) -> tuple[Matter, str]:
    """(what the front matter says, the Markdown below it). Raises ConfigError with file, line and what to do."""
    lines = text.splitlines()
    if not lines or lines[0].rstrip() != FENCE or FENCE not in (line.rstrip() for line in lines[1:]):
        raise ConfigError(f'{path}:1: no front matter: begin with {FENCE}, title = "...", {FENCE}, each on its line')
    end = next(number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE)
    try:
        matter = model.model_validate(tomllib.loads("\n".join([*lines[1:end], ""])))
    except tomllib.TOMLDecodeError as error:
        reason = one_line(str(error).partition(" (at ")[0].lower(), 120)
        raise ConfigError(f"{path}:{_line_of(error, end)}: no valid TOML, {reason}: correct it") from error
    except ValidationError as error:
        detail = error.errors(include_url=False)[0]
        key = tuple(map(str, detail["loc"]))
        line = key_line("\n".join(lines[1:end]), key) + 1
        raise ConfigError(
            f'{path}:{line}: "{one_line(key[0], 60)}": {detail["msg"].lower()}: {remedy}; nothing else is known'
        ) from error
    return matter, "\n".join(lines[end + 1 :]).strip() + "\n"


def id_of(path: Path) -> str:
    """The id of a file: its name without suffix, dashes for underscores."""
    return path.stem.replace("_", "-")


def _line_of(error: tomllib.TOMLDecodeError, end: int) -> int:
    """The file's line that tomllib's message names; the closing fence's when it speaks of the end."""
    words = str(error).rpartition("(at line ")[2].split(",")[0]
    return int(words) + 1 if words.isdigit() else end + 1
