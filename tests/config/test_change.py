"""Setting one key: comments stay, nothing invalid is written, the file stays private."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.config import load
from guardrail_proxy.config.change import change, changed_text, parse_value, tightens
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import Home


def test_comments_and_order_stay(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.config.write_text('# why strict\nmode = "standard" # for now\n\n[tools.claude] # mine\ninject = true\n')
    change(home, "mode", "strict")
    expected = '# why strict\nmode = "strict" # for now\n\n[tools.claude] # mine\ninject = true\n'
    assert home.config.read_text() == expected


def test_a_new_table_is_made(tmp_path: Path) -> None:
    change(Home(tmp_path / "new"), "tools.codex.mode", "strict")
    assert load(Home(tmp_path / "new")).mode_of("codex") == "strict"


def test_file_and_folder_are_private(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    change(home, "quiet", value=True)
    assert (home.config.stat().st_mode & 0o777, home.root.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize(
    ("key", "value"), [("mode", "lax"), ("mod", "strict"), ("tools.claude", 3), ("", 1), ("mode.x", 1), ("a..b", 1)]
)
def test_what_is_wrong_is_not_written(key: str, value: object, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.config.write_text("quiet = true\n")
    with pytest.raises(ConfigError):
        change(home, key, value)
    assert home.config.read_text() == "quiet = true\n"


def test_a_file_that_is_wrong_already_is_named_and_left(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.config.write_text("colour = 1\n")
    with pytest.raises(ConfigError, match="colour"):
        change(home, "mode", "strict")
    assert home.config.read_text() == "colour = 1\n"


def test_the_same_value_again_changes_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert [change(home, "mode", "strict"), change(home, "mode", "strict")] == [True, False]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("true", True), ("30", 30), ("strict", "strict"), ('["/a"]', ["/a"]), ('"x"', "x"), ("a = 1\nb", "a = 1\nb")],
)
def test_a_value_is_toml_or_a_text(typed: str, value: object) -> None:
    assert parse_value(typed) == value


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("mode", "strict", True),
        ("mode", "standard", False),
        ("tools.claude.mode", "strict", True),
        ("tools.claude.enabled", False, False),
        ("tools.claude.inject", False, False),
        ("tools.claude.inject", True, True),
        ("allow_bypass", True, False),
        ("record.exclude", ["/"], False),
        ("retention_days", 1, False),
        ("strict.verdict_timeout_s", 1, False),
    ],
)
def test_only_a_change_that_can_tighten_nothing_but_tighten_does(key: str, value: object, expected: bool) -> None:
    assert tightens(key, value) is expected


@given(st.text(max_size=30))
def test_any_text_set_as_a_value_is_read_back_or_refused(text: str) -> None:
    assert tomllib.loads(changed_text("", ("tools", "x", "mode"), text))["tools"]["x"]["mode"] == text
