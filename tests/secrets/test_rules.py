"""The rules as data: every line is a rule the engine can run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from guardrail_proxy.discover import PACKAGE
from guardrail_proxy.secrets.denial import SHAPES
from guardrail_proxy.secrets.keyword_table import keyword_table
from guardrail_proxy.secrets.keywords import TABLE, places_by_rule
from guardrail_proxy.secrets.rules import DataRule, expression, rules


def name(rule: DataRule) -> str:
    return rule.id


def test_there_are_rules_for_many_providers() -> None:
    assert len({rule.id for rule in rules()}) > 500


@pytest.mark.parametrize("rule", rules(), ids=name)
def test_a_rule_is_well_formed(rule: DataRule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
    assert rule.keywords
    assert all(word == word.lower() and len(word) >= 2 for word in rule.keywords)
    assert rule.shape in SHAPES
    assert rule.kind in {"aws", "private-key", "provider", "generic"}
    assert 0 <= rule.entropy < 8


@pytest.mark.parametrize("rule", rules(), ids=name)
def test_a_rules_expressions_compile_in_linear_time_syntax(rule: DataRule) -> None:
    for pattern in (rule.regex, *rule.deny_secret, *rule.deny_match, *rule.deny_line):
        assert expression(pattern).groups >= 0
    assert expression(rule.regex).groups >= rule.group


def test_a_rule_is_tried_only_where_its_keyword_stands() -> None:
    found = {rules()[number].id: places for number, places in places_by_rule(b"x ghp_ y").items()}
    assert (places_by_rule(b"nothing here"), found["github-pat"]) == ({}, [2])


def test_the_table_of_keywords_is_current() -> None:
    assert Path(TABLE).read_text(encoding="ascii") == keyword_table()


def test_the_licences_of_the_imported_rules_are_kept() -> None:
    notice = (PACKAGE / "secrets/data/NOTICE").read_text()
    for words in ("gitleaks", "betterleaks", "kingfisher", "MIT License", "Apache License", "Zachary Rice"):
        assert words in notice


def test_redacting_loads_no_command_and_compiles_few_expressions() -> None:
    code = (
        "import sys; from guardrail_proxy.redact import redact; redact('hello world');"
        "from guardrail_proxy.secrets.rules import expression;"
        "print(expression.cache_info().currsize, *sorted({'click','pydantic','duckdb','structlog'} & set(sys.modules)))"
    )
    shown = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.split() == ["0"]
