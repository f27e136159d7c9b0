"""WARM. Takes the secrets out of what is written to disk: each becomes ``[redacted:<data rule>]``."""

from functools import lru_cache

from guardrail_proxy.secrets.find import may_hold_secrets
from guardrail_proxy.secrets.mask import MOST_ROUNDS, mask, mask_slice

SHORT_KEY = 100
"""Keys up to this many characters come again and again, and are looked at once."""


def redact(text: str) -> str:
    """The text without its secrets. Redacting twice is redacting once."""
    return mask(text)


def redact_json(value: object) -> object:
    """A JSON value with every string and every key redacted; a string is read together with its key."""
    match value:
        case str():
            return redact(value)
        case list() | tuple():
            return [redact_json(item) for item in value]
        case dict():
            return {
                key: _redact_member(key, item) for key, item in ((_redact_key(str(k)), v) for k, v in value.items())
            }
        case _:
            return value


def _redact_key(key: str) -> str:
    return _redact_short_key(key) if len(key) <= SHORT_KEY else redact(key)


@lru_cache(maxsize=1024)
def _redact_short_key(key: str) -> str:
    return redact(key)


def _redact_member(key: str, value: object) -> object:
    """``{"password": "hunter2..."}``: the value alone would not look like a secret."""
    if not isinstance(value, str):
        return redact_json(value)
    before = f'"{key}": "'
    if not may_hold_secrets(f'{before}{value}"'):
        return value
    for _ in range(MOST_ROUNDS):
        shorter = redact(mask_slice(f'{before}{value}"', len(before), len(before) + len(value)))
        if shorter == value:
            break
        value = shorter
    return value
