"""docs/configuration.md says every key with its default, and no other."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from guardrail_proxy.config.models import Config, Tool, Worker

PAGE = Path(__file__).parents[2] / "docs/configuration.md"
ROW = re.compile(r"^\| `([\w.<>]+)` \| (.+?) \| (.+) \|$", re.MULTILINE)


def rows(model: BaseModel, above: str = "") -> Iterator[tuple[str, str, str]]:
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if name == "tools":
            yield from rows(Tool(), "tools.<cli>.")
        elif isinstance(value, BaseModel):
            yield from rows(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", shown(value), field.description or ""


def shown(value: object) -> str:
    if value is None:
        return "not set"
    return f"`{json.dumps(value)}`"


def test_the_page_is_what_the_models_say() -> None:
    expected = {key: (default, meaning) for key, default, meaning in rows(Config())}
    found = {key: (default, meaning) for key, default, meaning in ROW.findall(PAGE.read_text())}
    assert found == expected


def test_every_key_has_a_meaning() -> None:
    assert [key for key, _, meaning in rows(Config()) if not meaning] == []
    assert Worker.model_fields["interval_seconds"].description
