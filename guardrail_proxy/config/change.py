"""COLD. One key of the user's config.toml changed: comments stay, nothing invalid is ever written."""

import tomllib
from collections.abc import MutableMapping
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from guardrail_proxy.config.layers import check
from guardrail_proxy.config.replace_file import private_folder, replace_file
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home

TIGHTENING: dict[str, object] = {"mode": "strict", "enabled": True, "inject": True, "allow_bypass": False}
"""Last word of a key -> the value that tightens; every other change counts as loosening."""


def tightens(key: str, value: object) -> bool:
    """Whether a change can only make the guard stricter."""
    name = key.rpartition(".")[2]
    return name in TIGHTENING and value == TIGHTENING[name]


def parse_value(text: str) -> object:
    """A value as typed on a command line: TOML where it is TOML (``true``, ``30``, ``["a"]``), else a text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def change(home: Home, key: str, value: object) -> bool:
    """Write one key into the user's file; False when it already had that value. ConfigError when it is not valid."""
    before = home.config.read_bytes().decode("utf-8") if home.config.exists() else ""
    if before:
        check(home.config, before)
    after = changed_text(before, tuple(key.split(".")), value)
    _checked(after)
    if after == before:
        return False
    private_folder(home.root)
    replace_file(home.config, after.encode())
    return True


def _checked(text: str) -> None:
    """ConfigError without a place: the text is not in the file."""
    try:
        check(Path("config.toml"), text)
    except ConfigError as error:
        raise ConfigError(str(error).partition(": ")[2]) from error


def changed_text(before: str, path: tuple[str, ...], value: object) -> str:
    """The TOML text with one key set, all comments kept."""
    if not all(path):
        raise ConfigError(f'"{one_line(".".join(path), 80)}" is no key: see docs/configuration.md')
    document = tomlkit.parse(before)
    table: MutableMapping[str, object] = document
    for name in path[:-1]:
        below = table.setdefault(name, tomlkit.table())
        if not isinstance(below, MutableMapping):
            raise ConfigError(f'"{one_line(name, 80)}" is no table in config.toml: see docs/configuration.md')
        table = below
    try:
        table[path[-1]] = value
    except (TOMLKitError, ValueError) as error:
        raise ConfigError(f'"{one_line(str(value), 80)}" is no value for config.toml: {error}') from error
    return document.as_string()
