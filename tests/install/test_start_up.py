"""Our lines in start-up files: added once, taken out to the last byte."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.home import Home
from guardrail_proxy.install import start_up
from guardrail_proxy.install.start_up import StartUp, start_up_files, with_block, with_lines, without_block

LINE = ". '/h/env.sh'"


@given(st.binary(max_size=200).filter(lambda data: b"guardrail-proxy" not in data))
def test_any_file_comes_back_to_the_last_byte(before: bytes) -> None:
    undone = without_block(with_block(before, LINE))
    assert undone is not None
    assert (undone.text, undone.new_file) == (before, False)


@given(st.none() | st.binary(max_size=100))
def test_adding_twice_is_adding_once(before: bytes | None) -> None:
    once = with_block(before, LINE, 2)
    assert with_block(once, LINE) == once


BASHRC = StartUp(Path(".bashrc"), LINE, may_end_early=True)


@given(st.binary(max_size=200).filter(lambda data: b"guardrail-proxy" not in data), st.booleans())
def test_a_file_that_may_end_early_comes_back_to_the_last_byte_too(before: bytes, ends: bool) -> None:
    before += b"\n[ -z $PS1 ] && return" if ends else b""
    with_ours = with_lines(before, BASHRC)
    undone = without_block(with_ours)
    assert undone is not None
    assert (undone.text, with_lines(with_ours, BASHRC)) == (before, with_ours)


@pytest.mark.parametrize(
    ("before", "count"),
    [
        (b"alias a=b\n", 1),
        (b"# return\n", 1),
        (b"case $- in\n  *i*) ;;\n  *) return;;\nesac\n", 2),
        (b"x || exit\n", 2),
    ],
)
def test_lines_stand_first_too_where_the_file_may_end_before_its_end(before: bytes, count: int) -> None:
    text = with_lines(before, BASHRC)
    assert (text.count(LINE.encode()), text.startswith(b"# >>> guardrail-proxy >>> first")) == (count, count == 2)


def test_lines_that_an_editor_gave_other_line_ends_are_found() -> None:
    undone = without_block(with_lines(b"return\n", BASHRC).replace(b"\n", b"\r\n"))
    assert undone is not None
    assert undone.text == b"return\r\n"


def test_a_file_that_we_made_is_remembered_as_ours_with_its_folders() -> None:
    undone = without_block(with_block(None, LINE, 3))
    assert undone is not None
    assert (undone.text, undone.new_file, undone.new_folders) == (b"", True, 3)


def test_a_moved_home_replaces_the_line() -> None:
    moved = with_block(with_block(b"a\n", LINE), ". '/else/env.sh'")
    assert moved == with_block(b"a\n", ". '/else/env.sh'")


@pytest.mark.parametrize("before", [b"alias a=b\n", b"alias a=b"])
def test_what_the_user_wrote_after_our_lines_stays_on_its_own_line(before: bytes) -> None:
    undone = without_block(with_block(before, LINE) + b"export X=1\n")
    assert undone is not None
    assert undone.text == b"alias a=b\nexport X=1\n"


def test_a_file_without_our_lines_is_left() -> None:
    assert without_block(b"# guardrail-proxy is nice\n") is None


def test_login_and_other_shells_are_covered_and_shadowing_files_only_where_they_are(tmp_path: Path) -> None:
    def names() -> list[str]:
        files = start_up_files(Home(Path("/h")), ("bash", "zsh", "fish"), tmp_path, {})
        return [file.path.relative_to(tmp_path).as_posix() for file in files]

    fish = ".config/fish/conf.d/guardrail-proxy.fish"
    assert names() == [".profile", ".bashrc", ".zshenv", fish]
    for name in (".bash_profile", ".zshrc"):
        (tmp_path / name).touch()
    assert names() == [".profile", ".bash_profile", ".bashrc", ".zshenv", ".zshrc", fish]


@pytest.mark.parametrize(
    ("system", "is_needed"),
    [
        (b"# PATH is set elsewhere\n", False),
        (b"if [ -x /usr/libexec/path_helper ]; then\n", True),
        (b"PATH=/x\n", True),
    ],
)
def test_zprofile_is_written_where_the_systems_own_changes_path(
    system: bytes, is_needed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "zprofile").write_bytes(system)
    monkeypatch.setattr(start_up, "SYSTEM_ZPROFILES", (tmp_path / "none", tmp_path / "zprofile"))
    names = [file.path.name for file in start_up_files(Home(Path("/h")), ("zsh",), tmp_path, {})]
    assert names == [".zshenv", *([".zprofile"] if is_needed else [])]


def test_zdotdir_and_xdg_config_home_are_followed(tmp_path: Path) -> None:
    env = {"ZDOTDIR": "/z", "XDG_CONFIG_HOME": "/x"}
    files = start_up_files(Home(Path("/h")), ("zsh", "fish"), tmp_path, env)
    assert [str(file.path) for file in files] == ["/z/.zshenv", "/x/fish/conf.d/guardrail-proxy.fish"]
