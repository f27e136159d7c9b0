"""Reading the user's words with the CLI's own grammar."""

import pytest

from guardrail_proxy.context.call import Call
from guardrail_proxy.plan import MAGIC, Plan, parse_plan


def plan(*lines: str) -> Plan:
    return parse_plan(b"\n".join((MAGIC, *(line.encode() for line in lines))), b"p")


def call(words: str, *lines: str) -> Call:
    return Call(plan(*lines), words.encode().split())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("login", True),
        ("mcp list", True),
        ("mcp", False),
        ("mcp serve", False),
        ("--version", True),
        ("-p --version", False),
        ("--model login", False),
        ("--model x login", True),
        ("--model=x login", True),
        ("--tools login x", False),
        ("--tools --version x", False),
        ("--debug login", False),
        ("--debug --version", False),
        ("x --version", True),
        ("--tools=a login", True),
        ("-- --version", False),
        ("-- login", False),
        ("fix login", False),
    ],
)
def test_housekeeping_is_a_flag_or_the_first_words_that_are_no_flags_value(words: str, expected: bool) -> None:
    lines = ("housekeeping login", "housekeeping mcp list", "housekeeping --version")
    assert call(words, *lines, "value-flag --model", "variadic-flag --tools").is_housekeeping is expected


@pytest.mark.parametrize("words", ["--input-format stream-json", "--input-format=stream-json"])
def test_a_protocol_is_a_flag_with_its_value_in_either_spelling(words: str) -> None:
    assert call(words, "protocol --input-format stream-json").is_protocol
    assert not call("--input-format text", "protocol --input-format stream-json").is_protocol


def test_a_protocol_call_is_never_housekeeping() -> None:
    found = call("mcp serve", "housekeeping mcp", "protocol mcp serve")
    assert (found.is_protocol, found.is_housekeeping) == (True, False)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("features.hooks=false", True),
        ('"features".hooks=false', True),
        ("features={hooks=false}", True),
        ("features.hooks=true", False),
        ("features.other=false", False),
        ("model=hooks", False),
    ],
)
def test_a_config_override_is_found_however_toml_spells_it(value: str, expected: bool) -> None:
    pattern = b"-c features.hooks=false"
    spellings = [f"-c {value}", f"-c{value}", f"-c={value}", f"-qc {value}"]
    lines = ("off-switch -c features.hooks=false", "value-flag -c")
    assert [call(words, *lines).has(pattern) for words in spellings] == [expected] * 4


def test_a_flag_of_a_pattern_takes_its_value_though_no_value_flag_line_says_so() -> None:
    assert call("--disable hooks", "off-switch --disable hooks").has(b"--disable hooks")


def test_a_one_shot_flag_or_subcommand_makes_the_call_one_shot() -> None:
    lines = ("oneshot -p", "oneshot exec")
    assert [call(words, *lines).is_oneshot for words in ("-p hi", "exec hi", "hi")] == [True, True, False]
