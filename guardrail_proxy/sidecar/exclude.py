"""WARM. ``record.exclude``: folders of which only the verdict is kept."""

import tomllib
from fnmatch import fnmatch
from pathlib import Path


def names_folder(config: bytes, cwd: str) -> bool:
    """Whether the configuration excludes the folder or one above it; one that cannot be read excludes nothing."""
    try:
        record = tomllib.loads(config.decode()).get("record")
        patterns = record.get("exclude") if isinstance(record, dict) else None
        wanted = [str(Path(str(p)).expanduser()) for p in patterns] if isinstance(patterns, list) else []
    except (ValueError, RuntimeError):  # RuntimeError: no home folder for a ``~name``
        return False
    places = [cwd, *map(str, Path(cwd).parents)]
    return any(fnmatch(place, pattern) for pattern in wanted for place in places)
