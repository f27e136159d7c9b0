"""COLD. Defaults, then the user's config.toml, then what the repository's file tightens.

A repository is not trusted: its ``.guardrail-proxy/config.toml`` may only say strict. It is read, never executed.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from guardrail_proxy.config.key_line import key_line
from guardrail_proxy.config.models import Config
from guardrail_proxy.config.what_is_wrong import what_is_wrong
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home

Table = dict[str, object]
KeyPath = tuple[str, ...]
REPOSITORY_FILE = ".guardrail-proxy/config.toml"


@dataclass(frozen=True, slots=True)
class Layer:
    """One file that exists: where it is, its text and its values, valid by themselves."""

    path: Path
    text: str
    values: Table

    def where(self, key: KeyPath) -> str:
        """``file:line`` of a key."""
        return f"{self.path}:{key_line(self.text, key)}"


def load(home: Home, repository: Path | None = None) -> Config:
    """The configuration in force for a home and, where given, below a repository's root.

    Raises ConfigError with one line: file, line, key, what to do.
    """
    merged: Table = {}
    for layer in read_layers(home, repository):
        merged = merge(merged, layer.values)
        if layer.path != home.config:
            merged = _strict_everywhere(merged, layer.values)
    return Config.model_validate(merged)


def _strict_everywhere(merged: Table, repository: Table) -> Table:
    """A repository's general strict holds for the CLIs that the user set to standard, too."""
    tools = merged.get("tools")
    if repository.get("mode") != "strict" or not isinstance(tools, Mapping):
        return merged
    return {**merged, "tools": {name: {**tool, "mode": "strict"} for name, tool in tools.items()}}


def read_layers(home: Home, repository: Path | None = None) -> tuple[Layer, ...]:
    """The files that exist, weakest first, each checked."""
    layers = [read_layer(home.config)]
    if repository is not None and repository.absolute() != home.root:
        own = read_layer(repository / REPOSITORY_FILE)
        layers.append(own)
        if own:
            refuse_loosening(own)
    return tuple(layer for layer in layers if layer)


def read_layer(path: Path) -> Layer | None:
    """One file, parsed and checked; None when there is none."""
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except NotADirectoryError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}:1: cannot be read ({error}): make it a readable UTF-8 file") from error
    return check(path, text)


def check(path: Path, text: str) -> Layer:
    """A file's text as a layer; ConfigError with the first thing that is wrong in it."""
    try:
        values = tomllib.loads(text)
        Config.model_validate(values)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}:{_syntax_line(error, text)}: no valid TOML, {_reason(error)}: correct it") from error
    except ValidationError as error:
        key, reason = what_is_wrong(error)
        raise ConfigError(f"{path}:{key_line(text, key)}: {one_line(reason, 300)}") from error
    return Layer(path, text, values)


def refuse_loosening(layer: Layer) -> None:
    """ConfigError for the first key of a repository's file that does not tighten."""
    for key, value in leaves(layer.values):
        if key[-1] != "mode" or value != "strict":
            name = one_line(".".join(key), 80)
            raise ConfigError(
                f'{layer.where(key)}: "{name}" does not tighten: a repository may only say mode = "strict"; '
                "remove it, or put it in your own config.toml"
            )


def leaves(values: Mapping[str, object], above: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Every key with a value that is no table, in order."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from leaves(value, (*above, name))
        else:
            yield (*above, name), value


def merge(under: Mapping[str, object], over: Mapping[str, object]) -> Table:
    """Both tables in one; where both have a value, the second's."""
    merged = dict(under)
    for name, value in over.items():
        below = merged.get(name)
        merged[name] = merge(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return merged


def _syntax_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    """The line number at the end of tomllib's message; the last line when it speaks of the document's end."""
    words = str(error).rpartition("(at line ")[2].split(",")[0]
    return int(words) if words.isdigit() else max(1, len(text.splitlines()))


def _reason(error: tomllib.TOMLDecodeError) -> str:
    return one_line(str(error).partition(" (at ")[0].lower(), 120)
