"""The thin faces over the stages: parser, validator, detector, context, database."""

from __future__ import annotations

import json

import pytest
from desk import Desk

from guardrail_proxy import ContextManager, DatabaseManager, FailureDetector, GuardrailValidator, ResponseParser
from guardrail_proxy.errors import ConfigError, RefusedError

ANSWER = "Here it is:\n\n```python\nimport os\n\nos.system('rm -rf ' + path)\n```\n\nAll tests pass now.\n"
CLAUDE = {"type": "result", "subtype": "success", "result": "Four.", "session_id": "s-1", "is_error": False}


def test_markdown_is_taken_apart() -> None:
    parsed = ResponseParser().parse(ANSWER)
    assert ([b.language for b in parsed.code_blocks], parsed.text, [c.text for c in parsed.of("claim")]) == (
        ["python"],
        ANSWER,
        ["All tests pass now."],
    )


def test_structured_output_is_data_and_events() -> None:
    parsed = ResponseParser().parse(json.dumps(CLAUDE), "claude")
    assert (parsed.data, parsed.evidence) == (CLAUDE, "structured")


def test_nothing_is_no_evidence() -> None:
    assert ResponseParser().parse(" \n").evidence == "none"


def test_an_unknown_tool_cannot_be_parsed() -> None:
    with pytest.raises(ConfigError, match="'clod'"):
        ResponseParser().parse("x", "clod")


def test_the_validator_takes_a_text_or_a_parsed_answer() -> None:
    validator = GuardrailValidator()
    found = [finding.id for finding in validator.validate(ANSWER)]
    assert "code/shell-command" in found
    assert [f.id for f in validator.validate(ResponseParser().parse(ANSWER))] == found


def test_the_detector_looks_for_failures() -> None:
    stub = "```python\ndef pay(order):\n    # TODO: implement\n    pass\n```\n\nThe payment is fully implemented.\n"
    assert "completeness/stub-code" in {finding.id for finding in FailureDetector().detect(stub)}


def test_a_context_is_the_documents_and_the_role() -> None:
    manager = ContextManager()
    plain, with_role = manager.context("claude"), manager.context("claude", "security")
    assert (with_role.startswith(plain), "# Your role: security engineer" in with_role) == (True, True)
    assert (manager.documents("claude"), manager.agents()) == (("working-agreement",), ("reviewer", "security"))


def test_a_users_own_document_is_in_the_context(desk: Desk) -> None:
    desk.home.guardrails.mkdir(parents=True)
    (desk.home.guardrails / "ours.md").write_text('+++\ntitle = "Ours"\n+++\nSpeak Latin.\n')
    assert "Speak Latin." in ContextManager().context("codex")


@pytest.mark.slow
def test_the_database_only_reads() -> None:
    database = DatabaseManager()
    assert (database.sessions(), database.query("SELECT 1 AS one")) == ([], [{"one": 1}])
    with pytest.raises(RefusedError):
        database.query("CREATE TABLE x (y INTEGER)")
