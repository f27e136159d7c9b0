"""COLD. What workers write for people and programs: whole or not at all, and not again when nothing changed."""

import json
from datetime import datetime
from pathlib import Path

from guardrail_proxy.config.replace_file import replace_file
from guardrail_proxy.log.spool import make_private

VERSION = 1
"""Of the JSON files in docs/workers.md: a key that changes its meaning or goes makes it one more."""


def write_if_changed(path: Path, data: bytes) -> bool:
    """Put the data there; False when it is there already."""
    try:
        if path.read_bytes() == data:
            return False
    except OSError:
        pass
    make_private(path.parent)
    replace_file(path, data)
    return True


def as_document(**content: object) -> bytes:
    """A versioned JSON document; times are UTC in ISO format, ending in Z."""
    return (json.dumps({"version": VERSION, **content}, default=_plain, indent=1) + "\n").encode()


def _plain(value: object) -> str:
    return value.isoformat() + "Z" if isinstance(value, datetime) else str(value)
