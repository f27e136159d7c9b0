"""Claude Code: strict's settings beside the user's own, and what switches hooks off."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.clis import claude
from guardrail_proxy.clis.claude import KEPT_ON, inject, merge, setting_off_switch

ADDED = (("plugin", "--plugin-dir"), ("plugin", "/p"), ("settings", "--settings"), ("settings", "{}"))
SWITCHES = {"CLAUDE_CODE_SIMPLE": "", "CLAUDE_CODE_SAFE_MODE": "", "CLAUDE_CODE_SHELL_PREFIX": ""}
OURS = {
    "disableAllHooks": False,
    "disableSkillShellExecution": True,
    "enabledPlugins": {"guardrail-proxy@inline": True},
    "env": SWITCHES,
}


def merged(*argv: str) -> tuple[tuple[str, ...], object]:
    words = merge(argv, ADDED)
    assert words is not None
    at = words.index("--settings")
    return (*words[: at + 1], *words[at + 2 :]), json.loads(words[at + 1])


@pytest.mark.parametrize("given_words", [("--settings", '{"model":"opus"}'), ('--settings={"model":"opus"}',)])
def test_the_users_settings_take_ours_in_where_they_stood(given_words: tuple[str, ...]) -> None:
    words, settings = merged("-p", *given_words, "hi")
    assert words == ("--plugin-dir", "/p", "-p", "--settings", "hi")
    assert settings == {"model": "opus", **OURS}


def test_the_users_own_variables_and_plugins_stay() -> None:
    theirs = {"env": {"A": "1", "CLAUDE_CODE_SIMPLE": "1"}, "enabledPlugins": {"mine@x": True}, "disableAllHooks": True}
    _, settings = merged("--settings", json.dumps(theirs))
    assert settings == {
        **OURS,
        "env": {"A": "1", **SWITCHES},
        "enabledPlugins": {"mine@x": True, "guardrail-proxy@inline": True},
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=50)
@given(theirs=st.dictionaries(st.sampled_from(("env", "disableAllHooks", "enabledPlugins", "model")) | st.text(), JSON))
def test_whatever_the_user_sets_ours_holds_and_all_other_keys_are_his(theirs: dict[str, object]) -> None:
    _, settings = merged("--settings", json.dumps(theirs))
    assert isinstance(settings, dict)
    assert {key: settings[key] for key in theirs.keys() - KEPT_ON.keys()} == {
        key: value for key, value in theirs.items() if key not in KEPT_ON
    }
    assert all(settings[key] == value for key, value in OURS.items() if not isinstance(value, dict))
    assert all(settings[key].items() >= value.items() for key, value in OURS.items() if isinstance(value, dict))


@pytest.mark.parametrize(
    "argv",
    [
        ("-p", "hi"),
        ("--settings", "mine.json"),
        ("--settings=mine.json",),
        ("--settings", '{"a":1'),
        ("--settings", '["a"]'),
        ("--settings",),
        ("--settings", '{"a":' * 50_000),
        ("--settings", "{}", "--settings", "{}"),
        ("--", "--settings", "{}"),
    ],
    ids=["none", "file", "file=", "broken", "list", "no value", "too deep", "twice", "a prompt"],
)
def test_what_cannot_be_merged_is_not(argv: tuple[str, ...]) -> None:
    assert merge(argv, ADDED) is None


def test_strict_settings_are_one_argument_of_json() -> None:
    args = dict(inject(Path("/h"), "strict", "Be good.").args)
    assert json.loads(args["settings"]) == OURS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", None),
        ('{"disableAllHooks":false}', None),
        ('{"disableAllHooks":true}', "disableAllHooks in"),
        ('{"allowManagedHooksOnly":true}', "allowManagedHooksOnly in"),
        ('{"enabledPlugins":{"guardrail-proxy@inline":false}}', "enabledPlugins in"),
        ('{"env":{"CLAUDE_CODE_SIMPLE":"1"}}', "env.CLAUDE_CODE_SIMPLE in"),
        ('{"env":{"CLAUDE_CODE_SIMPLE":""}}', None),
        ('{"env":[]}', None),
        ("{", "cannot be read"),
    ],
)
@pytest.mark.parametrize("name", ["managed-settings.json", "managed-settings.d/10-corp.json"])
def test_only_an_administrators_setting_switches_strict_off(
    text: str, expected: str | None, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claude, "MANAGED", tmp_path)
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    found = setting_off_switch(tmp_path, tmp_path, {})
    assert found is None if expected is None else expected in str(found)


def test_without_an_administrators_file_nothing_switches_strict_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claude, "MANAGED", tmp_path / "none")
    assert setting_off_switch(tmp_path, tmp_path, {}) is None
