"""docs/detection.md lists every rule and failure mode as it is, and measures what it says it measures."""

import re
from pathlib import Path

from guardrail_proxy.commands._rules_table import FOLDERS, renewed, rules_table
from guardrail_proxy.discover import members
from guardrail_proxy.session import SEVERITIES

PAGE = (Path(__file__).parents[1] / "docs/detection.md").read_text()
ROW = re.compile(r"^\| `([\w/-]+)` \| (\w+)(?:, (?:counted|observe))? \| (\S.*) \|$", re.MULTILINE)


def test_the_page_lists_the_rules_as_they_are() -> None:
    assert renewed(PAGE) == PAGE, "run: python -m guardrail_proxy.commands._rules_table docs/detection.md"


def test_every_member_is_a_row_with_a_severity_and_a_sentence() -> None:
    rows = ROW.findall(rules_table())
    assert [rule_id for rule_id, _, _ in rows] == [rule_id for folder in FOLDERS for rule_id in members(folder)]
    assert {severity for _, severity, _ in rows} <= set(SEVERITIES)


def test_the_page_says_what_each_severity_does() -> None:
    assert [severity for severity in SEVERITIES if f"| {severity}" not in PAGE] == []
