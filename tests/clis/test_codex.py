"""Codex: hooks and their trust as arguments, and what switches them off."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.clis import codex
from guardrail_proxy.clis.codex import CLI, argv_off_switch, inject, setting_off_switch, trust_hash
from guardrail_proxy.session import Mode

HOME = Path("/home/dev/my guard")
COMMAND = "'/home/dev/my guard/hook' strict codex || exit 2"
HASH = "sha256:4d2140efde44a17d548beb022b7ff27ed452c8308fa30e3fb893e796aa14074d"
"""As codex 0.169 itself said of this hook (``hooks/list`` of its app-server)."""


def override(tag: str, mode: Mode = "strict", document: str = "Be good.") -> dict[str, object]:
    injection = inject(HOME, mode, document)
    values = [value for t, value in (*injection.args, *injection.quiet_args) if t == tag and value != "-c"]
    return tomllib.loads("\n".join(values))


def test_the_trust_hash_is_codexs_own() -> None:
    assert trust_hash("pre_tool_use", COMMAND) == HASH


def test_the_hook_that_is_injected_is_the_one_that_is_trusted() -> None:
    hook = {"type": "command", "command": COMMAND, "timeout": 60}
    trusted = override("trust")["hooks"]["state"]  # type: ignore[index]
    assert override("PreToolUse") == {"hooks": {"PreToolUse": [{"hooks": [hook]}]}}
    assert trusted["/<session-flags>/config.toml:pre_tool_use:0:0"] == {"trusted_hash": HASH}


@pytest.mark.parametrize(("mode", "count"), [("standard", 1), ("strict", 3)])
def test_each_event_of_the_mode_is_trusted(mode: Mode, count: int) -> None:
    assert len(override("trust", mode)["hooks"]["state"]) == count  # type: ignore[index]


def test_strict_says_that_hooks_are_on() -> None:
    assert override("features") == {"features": {"hooks": True}}


@settings(deadline=None, max_examples=50)
@given(document=st.text(st.characters(codec="utf-8")))
def test_any_document_comes_out_of_toml_as_it_was(document: str) -> None:
    assert override("document", "standard", document) == {"developer_instructions": document}


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (("exec", "hi"), None),
        (("-c", "model=x"), None),
        (("-c", "features.hooks=true"), None),
        (("-c", "features.web_search=true"), None),
        (("-c", "hooks.Stop=[]"), None),
        (("--disable", "web_search"), None),
        (("-c", "features.hooks=false"), "-c features.hooks"),
        (("-cfeatures.hooks=false",), "-c features.hooks"),
        (("-c=features.hooks=false",), "-c features.hooks"),
        (("--config", "features.hooks=false"), "-c features.hooks"),
        (("--config=features.hooks=false",), "-c features.hooks"),
        (("-c", ' features . "hooks" = false'), "-c features.hooks"),
        (("-c", "features.hooks='no'"), "-c features.hooks"),
        (("-c", "features={hooks=false}"), "-c features"),
        (("-c", "features={codex_hooks=false}"), "-c features"),
        (("-c", "hooks={}"), "-c hooks"),
        (("-c", "hooks.PreToolUse=[]"), "-c hooks.PreToolUse"),
        (("-c", "hooks.state={}"), "-c hooks.state"),
        (("-c", "hooks.state.x.enabled=false"), "-c hooks.state"),
        (("--disable", "hooks"), "-c features.hooks"),
        (("--disable=hooks",), "-c features.hooks"),
        (("-c",), None),
        (("--disable",), None),
    ],
)
def test_an_override_that_would_drop_our_hooks_is_named(argv: tuple[str, ...], expected: str | None) -> None:
    assert argv_off_switch(argv) == expected


WORDS = st.lists(st.text() | st.sampled_from(("-c", "--config", "--disable", "hooks", "-chooks.", "--", "features")))


@settings(deadline=None, max_examples=50)
@given(argv=WORDS, words=st.lists(st.text().map("word {}".format)))
def test_an_override_is_found_among_any_words_and_no_argument_makes_it_raise(argv: list[str], words: list[str]) -> None:
    argv_off_switch(tuple(argv))
    assert argv_off_switch((*words, "-c", "hooks={}", *argv)) == "-c hooks"


@pytest.mark.parametrize("name", ["requirements.toml", "managed_config.toml"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        ("features.hooks = true", None),
        ("features = 1", None),
        ("features.hooks = false", "features.hooks in"),
        ("allow_managed_hooks_only = true", "allow_managed_hooks_only in"),
        ("features = ", "cannot be read"),
    ],
)
def test_only_an_administrators_requirement_switches_strict_off(
    name: str, text: str, expected: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codex, "MANAGED", tmp_path)
    (tmp_path / name).write_text(text)
    found = setting_off_switch(tmp_path, tmp_path, {})
    assert found is None if expected is None else expected in str(found)


def test_debugging_the_app_server_asks_a_model_and_is_no_housekeeping() -> None:
    assert [word for word in CLI.housekeeping if word == "debug" or "app-server" in word] == []
