"""Every rule of the folder, whoever wrote it: found, documented, speaks on its bad examples and not on the good."""

from typing import cast

import pytest

from guardrail_proxy.discover import PACKAGE, members
from guardrail_proxy.session import SEVERITIES, Event, Kind, Transcript
from guardrail_proxy.validate import validate
from guardrail_proxy.validate.rule import Match, Rule

RULES = cast("dict[str, Rule]", members("validate.rules"))
EACH = pytest.mark.parametrize("rule_id", RULES)
LANGUAGES = (
    "",
    "python",
    "javascript",
    "typescript",
    "java",
    "go",
    "ruby",
    "php",
    "c",
    "cpp",
    "csharp",
    "bash",
    "rust",
)


def events(rule: Rule, text: str) -> list[Event]:
    """The example as an event of each kind the rule takes, in each language a code rule may want."""
    kinds: list[Kind] = sorted(rule.KINDS)
    languages = getattr(rule, "LANGUAGES", None) or LANGUAGES
    coded = {"code block", "file write"}
    return [Event(k, text, language=name) for k in kinds for name in (languages if k in coded else ("",))]


def matches(rule: Rule, text: str) -> list[Match]:
    return [match for event in events(rule, text) for match in rule.check(event)]


def category(rule_id: str) -> str:
    return rule_id[: rule_id.index("/") + 1]


def test_every_rule_file_is_found() -> None:
    files = [path for path in (PACKAGE / "validate/rules").rglob("*.py") if not path.name.startswith("_")]
    assert len(RULES) == len(files) >= 4


@EACH
def test_a_rule_is_documented_and_says_what_to_do(rule_id: str) -> None:
    rule = RULES[rule_id]
    assert len((rule.__doc__ or "").strip()) > 80
    assert len(rule.FIX) > 20
    assert rule.SEVERITY in SEVERITIES
    assert rule.KINDS
    assert rule.bad
    assert rule.good


@EACH
def test_a_rule_speaks_on_each_of_its_bad_examples(rule_id: str) -> None:
    rule = RULES[rule_id]
    assert [text for text in rule.bad if not matches(rule, text)] == []


@EACH
def test_a_rule_is_silent_on_each_of_its_good_examples(rule_id: str) -> None:
    rule = RULES[rule_id]
    assert [(text, found) for text in rule.good if (found := matches(rule, text))] == []


@EACH
def test_a_match_lies_within_the_text_and_names_a_known_severity(rule_id: str) -> None:
    rule = RULES[rule_id]
    for text in rule.bad:
        for match in matches(rule, text):
            assert 0 <= match.start <= match.end <= len(text)
            assert match.message
            assert match.severity is None or match.severity in SEVERITIES
            assert match.id is None or match.id.startswith(category(rule_id))


@EACH
@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800 \udfff", "a" * 5000, "\n" * 500, "é漢😀 'unclosed \"$(`{[", "}" * 300]
)
def test_no_text_makes_a_rule_raise(rule_id: str, text: str) -> None:
    rule = RULES[rule_id]
    assert isinstance(matches(rule, text), list)


@EACH
def test_the_id_of_a_finding_comes_from_the_path(rule_id: str) -> None:
    rule = RULES[rule_id]
    found = {f.id for text in rule.bad for event in events(rule, text) for f in validate(Transcript((event,)))}
    assert "guard/rule-error" not in found
    assert any(identity == rule_id or identity.startswith(category(rule_id)) for identity in found)
