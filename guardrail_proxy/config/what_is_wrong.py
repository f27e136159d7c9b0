"""COLD. pydantic's first complaint in this product's words: which key, what about it, what to do."""

from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from guardrail_proxy.config.models import Config, Tool

Key = tuple[str, ...]
SEE = "see docs/configuration.md"
EXPECTED = {
    "bool_type": "it must be true or false",
    "int_type": "it must be a whole number",
    "float_type": "it must be a number",
    "string_type": "it must be a text in quotes",
    "literal_error": 'it must be "standard" or "strict"',
    "model_type": "it must be a table",
    "dict_type": "it must be a table",
    "tuple_type": "it must be a list of texts",
}


def what_is_wrong(error: ValidationError) -> tuple[Key, str]:
    """(key, what is wrong and what to do) of the first complaint."""
    detail = error.errors(include_url=False)[0]
    key = tuple(str(part) for part in detail["loc"] if not isinstance(part, int))
    name = ".".join(key)
    if detail["type"] == "extra_forbidden":
        return key, f'"{name}" is no key{_meant(key)}: {SEE}'
    return key, f'"{name}" is {_shown(detail)}: {_expected(detail)}'


def _expected(detail: ErrorDetails) -> str:
    return EXPECTED.get(detail["type"]) or detail["msg"].lower().replace("input should", "it must")


def _shown(detail: ErrorDetails) -> str:
    value = detail["input"]
    if isinstance(value, dict):
        return "a table"
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _meant(key: Key) -> str:
    near = get_close_matches(key[-1], siblings(key), n=1)
    return f', did you mean "{".".join((*key[:-1], *near))}"?' if near else ""


def siblings(key: Key) -> tuple[str, ...]:
    """The keys that exist in the table where a key stands."""
    if key[0] == "tools":
        return tuple(Tool.model_fields) if len(key) == 3 else ()
    model: type[BaseModel] = Config
    for part in key[:-1]:
        below = model.model_fields[part].annotation if part in model.model_fields else None
        if not (isinstance(below, type) and issubclass(below, BaseModel)):
            return ()
        model = below
    return tuple(model.model_fields)
