"""Where the secrets are in a text."""

import time
from itertools import pairwise

import pytest

from guardrail_proxy.secrets.find import find_secrets
from guardrail_proxy.secrets.span import SecretSpan

KEY_ID = "AKIA" + "QYLPMN5HNQX2TBJR"
GITHUB = "ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx"
PEM = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEAx7Pz2bLrq1nT4kVw8yD3uJ5hGf6sQeRmXcZaBvNt0oIlKjHg\n" * 25


def found(text: str) -> list[tuple[str, str]]:
    return [(span.rule, text[span.start : span.end]) for span in find_secrets(text)]


def test_an_aws_key_id_is_found_where_it_stands() -> None:
    assert found(f"aws_access_key_id = {KEY_ID}\n") == [("aws-access-key", KEY_ID)]


def test_two_secrets_of_one_text_are_found_in_order() -> None:
    assert found(f"a {KEY_ID} b\ntoken {GITHUB} c") == [("aws-access-key", KEY_ID), ("github-pat", GITHUB)]


def test_offsets_count_characters_not_bytes() -> None:
    text = f"schlüssel → 😀 {KEY_ID} straße {GITHUB} ende"
    assert found(text) == [("aws-access-key", KEY_ID), ("github-pat", GITHUB)]


def test_a_lone_surrogate_is_no_obstacle() -> None:
    assert found(f"\ud83d {KEY_ID}") == [("aws-access-key", KEY_ID)]


def test_spans_never_overlap() -> None:
    spans = find_secrets(f"export AWS_ACCESS_KEY_ID={KEY_ID} GITHUB_TOKEN={GITHUB} api_key='{GITHUB}'")
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_a_private_key_without_its_end_is_found_to_its_last_line() -> None:
    (span,) = find_secrets("cat key\n" + PEM + "...")
    assert (span.rule, span.kind) == ("private-key", "private-key")
    assert span.end - span.start >= len(PEM) - 2


def test_a_private_key_in_a_json_string_is_found() -> None:
    assert [
        rule for rule, _ in found('{"key": "' + PEM.replace("\n", "\\n") + '-----END RSA PRIVATE KEY-----\\n"}')
    ] == ["private-key"]


@pytest.mark.parametrize(
    "text",
    [
        f'password = "{"t7#kQ9"}v!2z"',
        "DB_PASSWORD=tr0ub4dorhorse",
        "postgres://app:t7kQ9v2z@db.internal:5432/app",
        "<password>tr0ub4dor&3</password>",
        'clientSecret: "' + "9fK2mQ7xT4vB8nL3cR6w" + '"',
        "acme api key 5d41402abc4b2a76b9719d911017c592",
    ],
)
def test_a_value_that_its_name_makes_a_secret_is_found(text: str) -> None:
    assert [span.kind for span in find_secrets(text)] == ["generic"]


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "password = 'changeme'",
        "password: ${DB_PASSWORD}",
        "token = os.environ['TOKEN']",
        "https://user:password@example.com/",
        "postgres://postgres:postgres@localhost:5432/app",
        "api_key = '<your api key>'",
        "secret_name = my-app-secret-2024-prod",
        "next_token = 'AbCdEf0123456789xyzXYZ98'",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "sha256:5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592",
        "id: 555ea4a3-d53a-4412-9c66-3a7cb667b0d6",
        "passwordField.placeholder = 'Enter your password'",
    ],
)
def test_what_only_stands_for_a_secret_is_not_found(text: str) -> None:
    assert find_secrets(text) == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\x1b[1m", "\x1b[0m"),
        ("\x1b[38;5;1mid=\x1b[0m\x1b[4m", "\x1b[K"),
        ("\\u001b[1m", "\\u001b[0m"),
        ('{"content": "id:\\n', '\\n"}'),
        ("a\\t", "\\r\\n"),
    ],
)
def test_colours_and_escaped_newlines_hide_no_secret(before: str, after: str) -> None:
    assert found(before + KEY_ID + after) == [("aws-access-key", KEY_ID)]


def test_a_secret_in_a_long_text_is_found_wherever_it_stands() -> None:
    filler = "nothing to see here, move along\n" * 2000
    assert found(filler + KEY_ID + "\n" + filler + GITHUB) == [("aws-access-key", KEY_ID), ("github-pat", GITHUB)]


def seconds(text: str) -> float:
    find_secrets.cache_clear()
    start = time.process_time()
    find_secrets(text)
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("piece", ["key=", "token secret password ", "://a:", "-----BEGIN PRIVATE KEY-----\n", "eyJ."])
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    short, long = piece * (100_000 // len(piece)), piece * (800_000 // len(piece))
    seconds(short)
    assert seconds(long) < 20 * seconds(short) + 0.05


def test_the_same_text_is_looked_at_once() -> None:
    find_secrets.cache_clear()
    assert find_secrets("x " + KEY_ID) is find_secrets("x " + KEY_ID)
    assert find_secrets("x " + KEY_ID) == (SecretSpan(2, 22, "aws-access-key", "aws"),)


NPM = "npm_" + "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5"
STRIPE = "sk_" + "live_51H8qkL2eZvKYlo2C0aBcDeFgHiJkLmN"


@pytest.mark.parametrize("key", [KEY_ID, NPM, STRIPE])
@pytest.mark.parametrize("name", ["mkdir d_{}", "/srv/dir_{}/x", "x > {}.txt", "git checkout feat/{}", "a_{}_b"])
def test_a_key_in_the_name_of_a_file_or_branch_is_found(name: str, key: str) -> None:
    if key == NPM and name == "a_{}_b":
        return  # what follows belongs to no token's alphabet but looks like a longer name
    assert [text for _, text in found(name.format(key))] == [key]
