"""Defaults, the user's file, the repository's file; and what is said of a wrong one."""

from pathlib import Path

import pytest

from guardrail_proxy.config import Config, load
from guardrail_proxy.config.effective import effective
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "home").mkdir()
    return Home(tmp_path / "home")


def repository(root: Path, text: str) -> Path:
    (root / "repo/.guardrail-proxy").mkdir(parents=True)
    (root / "repo/.guardrail-proxy/config.toml").write_text(text)
    return root / "repo"


def said(home: Home, text: str) -> str:
    home.config.write_text(text)
    with pytest.raises(ConfigError) as raised:
        load(home)
    return str(raised.value).removeprefix(f"{home.config}:")


def test_without_a_file_the_defaults_hold(home: Home) -> None:
    assert load(home) == Config()
    assert (load(home).mode, load(home).retention_days) == ("standard", 30)


def test_the_user_file_goes_over_the_defaults(home: Home) -> None:
    home.config.write_text('[tools.claude]\nmode = "strict"\n[workers.metrics]\ninterval_seconds = 5\n')
    config = load(home)
    modes = (config.mode_of("claude"), config.mode_of("codex"), config.workers.metrics.interval_seconds)
    assert modes == ("strict", "standard", 5)


def test_a_bypass_counts_in_standard_and_not_in_strict(home: Home) -> None:
    home.config.write_text('[tools.claude]\nmode = "strict"\n')
    assert (load(home).bypass_allowed("claude"), load(home).bypass_allowed("codex")) == (False, True)


def test_allow_bypass_counts_for_both_modes(home: Home) -> None:
    home.config.write_text('allow_bypass = true\nmode = "strict"\n')
    assert load(home).bypass_allowed("claude")


def test_a_repository_tightens(home: Home, tmp_path: Path) -> None:
    root = repository(tmp_path, '[tools.codex]\nmode = "strict"\n')
    assert (load(home, root).mode_of("codex"), load(home, root).mode) == ("strict", "standard")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('mode = "standard"\n', '1: "mode"'),
        ("\nquiet = true\n", '2: "quiet"'),
        ("[tools.claude]\nenabled = true\n", '2: "tools.claude.enabled"'),
        ('mode = "strict"\n[record]\nexclude = ["/"]\n', '3: "record.exclude"'),
        ('[tools]\nclaude = { mode = "strict", inject = false }\n', '2: "tools.claude.inject"'),
    ],
)
def test_a_repository_that_does_not_tighten_is_an_error_that_names_the_key(
    text: str, key: str, home: Home, tmp_path: Path
) -> None:
    root = repository(tmp_path, text)
    with pytest.raises(ConfigError) as raised:
        load(home, root)
    assert f".guardrail-proxy/config.toml:{key} does not tighten" in str(raised.value)


def test_a_strict_repository_is_strict_for_a_cli_that_the_user_set_to_standard(home: Home, tmp_path: Path) -> None:
    home.config.write_text('[tools.claude]\nmode = "standard"\n')
    assert load(home, repository(tmp_path, 'mode = "strict"\n')).mode_of("claude") == "strict"


def test_a_repository_cannot_loosen_what_the_user_made_strict(home: Home, tmp_path: Path) -> None:
    home.config.write_text('mode = "strict"\n')
    with pytest.raises(ConfigError):
        load(home, repository(tmp_path, 'mode = "standard"\n'))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('mode = "strict"\n\n[features]\nmetric_worker = true\n', '4: "features.metric_worker" is no key'),
        ("colour = 1\n", '1: "colour" is no key'),
        ("# a comment\nretention_days = true\n", '2: "retention_days" is true: it must be a whole number'),
        ('mode = "lax"\n', '1: "mode" is \'lax\': it must be "standard" or "strict"'),
        ('[tools.claude]\ninject = "no"\n', "2: \"tools.claude.inject\" is 'no': it must be true or false"),
        ("tools.claude = 3\n", '1: "tools.claude" is 3: it must be a table'),
        ("retention_days = 0\n", '1: "retention_days" is 0: it must be greater than or equal to 1'),
        ("a = 1\nmode = \n", "2: no valid TOML"),
        ("mode = 'strict", "1: no valid TOML"),
    ],
)
def test_a_wrong_file_is_one_line_with_its_place(text: str, words: str, home: Home) -> None:
    line = said(home, text)
    assert line.startswith(words)
    assert "\n" not in line


def test_a_near_miss_is_named(home: Home) -> None:
    assert 'did you mean "features.metrics_worker"?' in said(home, "[features]\nmetric_worker = true\n")


def test_control_characters_of_a_file_are_not_shown_raw(home: Home) -> None:
    assert "\x1b" not in said(home, '"\\u001b[2J" = 1\n')


def test_bytes_that_are_no_utf8_are_one_line(home: Home) -> None:
    home.config.write_bytes(b"mode = '\xff'\n")
    with pytest.raises(ConfigError, match="UTF-8"):
        load(home)


def test_the_origin_of_each_value_is_its_strongest_place(home: Home, tmp_path: Path) -> None:
    home.config.write_text("# mine\nretention_days = 7\n")
    root = repository(tmp_path, 'mode = "strict"\n')
    rows = {row.key: (row.value, row.origin) for row in effective(home, root)}
    assert rows["retention_days"] == (7, f"{home.config}:2")
    assert rows["mode"] == ("strict", f"{root}/.guardrail-proxy/config.toml:1")
    assert rows["quiet"] == (None, "default")
