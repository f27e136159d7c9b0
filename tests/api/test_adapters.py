"""The AI CLIs as adapters: each asks one question by its own words."""

import os

import pytest
from desk import Desk

from guardrail_proxy import AdapterFactory, AIExecutionError
from guardrail_proxy.api.adapters import Adapter
from guardrail_proxy.context.call import Call
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.guardrails.compile_plan import grammar_lines
from guardrail_proxy.plan import MAGIC, parse_plan

TOOLS = AdapterFactory().tools()
EACH = pytest.mark.parametrize("tool", TOOLS)


def read(adapter: Adapter, words: tuple[str, ...]) -> Call:
    lines = (f"{word} {value}".encode() for word, value in grammar_lines(adapter.cli))
    return Call(parse_plan(b"\n".join((MAGIC, *lines)), b"p"), [os.fsencode(word) for word in words])


@EACH
@pytest.mark.parametrize("prompt", ["Hello", "-x --help", "a=b\nc"])
def test_a_question_is_a_one_shot_call_with_the_prompt_whole(tool: str, prompt: str) -> None:
    adapter = AdapterFactory().create(tool)
    words = adapter.words(prompt)
    call = read(adapter, words)
    assert (call.is_oneshot, call.is_housekeeping, call.is_protocol) == (True, False, False)
    assert words[-1].removeprefix("--prompt=") == prompt


@EACH
def test_the_callers_own_arguments_come_before_the_prompt(tool: str) -> None:
    words = AdapterFactory().create(tool).words("Hello", ("--model", "x"))
    assert words[words.index("--model") + 1] == "x"
    assert words.index("--model") < len(words) - 1


@EACH
def test_structured_output_is_asked_for_where_there_is_some(tool: str) -> None:
    adapter = AdapterFactory().create(tool)
    if adapter.cli.structured:
        assert set(adapter.cli.structured) <= set(adapter.words("Hello", structured=True))
    else:
        with pytest.raises(ConfigError, match="has no structured output"):
            adapter.words("Hello", structured=True)


def test_an_unknown_tool_is_told_with_those_that_are_known() -> None:
    with pytest.raises(ConfigError, match="'clod' is no CLI that is known: one of claude, codex"):
        AdapterFactory().create("clod")


def test_a_tool_that_is_not_there_is_told_with_its_package(desk: Desk) -> None:
    adapter = AdapterFactory().create("claude")
    with pytest.raises(AIExecutionError, match="not found on PATH: npm install -g @anthropic-ai/claude-code"):
        adapter.program()


def test_a_shim_is_no_program(desk: Desk) -> None:
    desk.program("claude", "# guardrail-proxy shim")
    assert AdapterFactory().create("claude").find() is None
