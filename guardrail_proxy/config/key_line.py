"""COLD. Where in a TOML text a key stands: tomllib tells values, not lines."""

import tomllib

Path = tuple[str, ...]


def key_line(text: str, wanted: Path) -> int:
    """The 1-based line of a key, else of the nearest table or key above it, else 1."""
    best, best_length = 1, 0
    table: Path = ()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.strip()
        if words.startswith("["):
            table = _path(words) or table
            path = table
        else:
            path = _assigned(words, table)
        if path and len(path) > best_length and wanted[: len(path)] == path:
            best, best_length = number, len(path)
    return best


def _assigned(line: str, table: Path) -> Path:
    name, equals, _ = line.partition("=")
    path = _path(f"{name}= 0") if equals else ()
    return (*table, *path) if path else ()


def _path(line: str) -> Path:
    """The key path that one line alone defines; () when it is no such line."""
    try:
        value: object = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    path: list[str] = []
    while isinstance(value, dict | list) and value:
        if isinstance(value, list):
            value = value[0]
            continue
        name = next(iter(value))
        path.append(str(name))
        value = value[name]
    return tuple(path)
