"""WARM. A small record in a file."""

import json
from pathlib import Path


def read_json(path: Path) -> dict[str, object]:
    """The JSON object; {} when it is not there or torn."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
