"""WARM. Makes a record fit to be stored: what JSON or DuckDB cannot hold is replaced, what is too long is cut."""

import math

MOST_BYTES = 64 << 10
"""Of one text in a record, in UTF-8."""


def cleaned(value: object) -> object:
    """The value without NUL characters, lone surrogates, and numbers that JSON does not know."""
    match value:
        case str():
            return value.encode("utf-8", "replace").decode().replace("\0", "\ufffd")
        case bool() | int() | None:
            return value
        case float():
            return value if math.isfinite(value) else None
        case dict():
            return {str(cleaned(str(key))): cleaned(item) for key, item in value.items()}
        case list() | tuple() | set() | frozenset():
            return [cleaned(item) for item in value]
        case _:
            return cleaned(str(value))


def bounded(value: object) -> object:
    """The value with every text cut to ``MOST_BYTES``; a cut one ends by saying so. After redaction, never before."""
    match value:
        case str():
            return _cut(value)
        case list():
            return [bounded(item) for item in value]
        case dict():
            return {key: bounded(item) for key, item in value.items()}
        case _:
            return value


def _cut(text: str) -> str:
    if len(text) * 4 <= MOST_BYTES:
        return text
    data = text.encode()
    if len(data) <= MOST_BYTES:
        return text
    kept = data[:MOST_BYTES].decode("utf-8", "ignore")
    return f"{kept}\n[guardrail-proxy: cut here, {len(data) - len(kept.encode())} more bytes]"
