"""What can be asked, and what is said of the rest."""

from pathlib import Path

import pytest

from guardrail_proxy import AIRequest
from guardrail_proxy.errors import ConfigError


def test_a_request_needs_a_tool_and_a_prompt() -> None:
    request = AIRequest("claude", "Hello")
    assert (request.mode, request.agent, request.session_id, request.args) == ("standard", None, None, ())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"prompt": ""}, "the prompt is empty"),
        ({"prompt": " \n"}, "the prompt is empty"),
        ({"prompt": None}, "the prompt is empty"),
        ({"prompt": "a\0b"}, "no program can be given"),
        ({"prompt": "\ud800"}, "no program can be given"),
        ({"tool": "clod"}, "'clod' is no tool that is known: one of claude, codex"),
        ({"mode": "loose"}, "'loose' is no mode: standard or strict"),
        ({"agent": ""}, "the agent is no text of 1 to 200 characters"),
        ({"session_id": "x" * 201}, "the session_id is no text of 1 to 200 characters"),
        ({"args": ["--model"]}, "args is no tuple of texts"),
        ({"cwd": "/nonexistent"}, "'/nonexistent' is no folder"),
    ],
)
def test_a_wrong_request_is_told(fields: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        AIRequest(**{"tool": "claude", "prompt": "Hello", **fields})  # type: ignore[arg-type] # wrong on purpose
    assert said in str(caught.value)


def test_a_wrong_request_is_a_value_error_too() -> None:
    with pytest.raises(ValueError, match="empty"):
        AIRequest("claude", "")


def test_a_request_does_not_change(tmp_path: Path) -> None:
    request = AIRequest("claude", "Hello", cwd=tmp_path)
    with pytest.raises(AttributeError):
        request.prompt = "Bye"  # type: ignore[misc] # frozen
