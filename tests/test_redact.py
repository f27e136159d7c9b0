"""What is written to disk holds no secret."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.redact import redact, redact_json
from guardrail_proxy.secrets.find import find_secrets
from guardrail_proxy.secrets.mask import MOST_ROUNDS, mask_slice

KEY_ID = "AKIA" + "QYLPMN5HNQX2TBJR"
GITHUB = "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"
VALUE = "k9Vx2mQ8rTz4LwB7nYp3JdH6"
PIECES = st.sampled_from(
    [
        KEY_ID,
        GITHUB,
        VALUE,
        "password=",
        "api_key: '",
        "token ",
        "[redacted:aws-access-key]",
        "[redacted:",
        "postgres://app:",
        "@host/",
        "-----BEGIN PRIVATE KEY-----\n",
        "MIIEpAIBAAKCAQEAx7Pz2bLrq1nT4kVw8yD3uJ5h\n",
        "'",
        '"',
        "\n",
        " ",
        "=",
        "é",
        "\ud83d",
        "A",
        "7",
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("".join)


def test_a_secret_becomes_the_name_of_its_rule() -> None:
    assert redact(f"id = {KEY_ID}\nnext") == "id = [redacted:aws-access-key]\nnext"


def test_a_text_without_secrets_stays_the_same_object() -> None:
    text = "nothing to hide 😀"
    assert redact(text) is text


@given(TEXTS)
def test_redacting_twice_is_redacting_once(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(TEXTS)
def test_nothing_that_is_redacted_holds_a_secret(text: str) -> None:
    assert find_secrets(redact(text)) == ()


@given(TEXTS)
def test_known_tokens_never_survive_where_they_stand_alone(text: str) -> None:
    assert f"\n{KEY_ID}\n" not in redact(f"{text}\n{KEY_ID}\n")


@given(st.text())
def test_any_text_can_be_redacted(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize(
    "value",
    [
        {"command": f"export K={KEY_ID}"},
        {"env": {"AWS": [KEY_ID, 1, None, True, 1.5]}},
        {KEY_ID: "value"},
        {"password": VALUE},
        [f"x{{'token': '{GITHUB}'}}"],
        (GITHUB,),
        GITHUB,
    ],
)
def test_json_is_redacted_in_values_keys_and_by_key(value: object) -> None:
    shown = json.dumps(redact_json(value))
    assert not any(secret in shown for secret in (KEY_ID, GITHUB, VALUE))
    assert "[redacted:" in shown


def test_json_without_secrets_is_unchanged() -> None:
    value = {"a": [1, 2.5, None, True, "text"], "password": "", "n": {"token": "none"}}
    assert redact_json(value) == value


JSON = st.recursive(
    TEXTS | st.integers() | st.none() | st.booleans(), lambda v: st.lists(v) | st.dictionaries(TEXTS, v)
)


@given(JSON)
def test_json_redacted_twice_is_json_redacted_once(value: object) -> None:
    once = redact_json(value)
    assert redact_json(once) == once


KEYS = st.one_of(TEXTS, st.sampled_from(["password", "api_key", "text", "aws_secret_access_key", "token\x1b[1m"]))
VALUES = st.recursive(
    TEXTS | st.integers() | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def each_by_itself(value: object) -> object:
    """What ``redact_json`` is to answer, however it gets there: every key, and every string together with its key."""
    match value:
        case str():
            return redact(value)
        case list():
            return [each_by_itself(item) for item in value]
        case dict():
            return {(name := redact(str(key))): with_its_key(name, item) for key, item in value.items()}
        case _:
            return value


def with_its_key(key: str, value: object) -> object:
    if not isinstance(value, str):
        return each_by_itself(value)
    before = f'"{key}": "'
    for _ in range(MOST_ROUNDS):
        shorter = redact(mask_slice(f'{before}{value}"', len(before), len(before) + len(value)))
        if shorter == value:
            break
        value = shorter
    return value


@given(VALUES)
def test_what_is_skipped_or_remembered_changes_no_answer(value: object) -> None:
    assert redact_json(value) == each_by_itself(value)
