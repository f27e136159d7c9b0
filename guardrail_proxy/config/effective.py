"""COLD. Every key with its value in force and where it comes from: what ``config show`` prints."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from guardrail_proxy.config.layers import Layer, leaves, load, read_layers
from guardrail_proxy.home import Home

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Effective:
    """One key in force."""

    key: str
    value: object
    origin: str
    """``default``, or ``file:line``."""


def effective(home: Home, repository: Path | None = None) -> tuple[Effective, ...]:
    """All keys in the order of docs/configuration.md; the strongest file that says a key is its origin."""
    layers = read_layers(home, repository)
    config = load(home, repository)
    return tuple(Effective(".".join(path), value, _origin(path, layers)) for path, value in _values(config))


def _values(model: BaseModel, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    for name in type(model).model_fields:
        yield from _below(getattr(model, name), (*above, name))


def _below(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], object]]:
    if isinstance(value, BaseModel):
        yield from _values(value, path)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _below(inner, (*path, str(name)))
    else:
        yield path, value


def _origin(path: tuple[str, ...], layers: tuple[Layer, ...]) -> str:
    said = [layer.where(path) for layer in layers if any(key == path for key, _ in leaves(layer.values))]
    return said[-1] if said else DEFAULT
