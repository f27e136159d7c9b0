"""The text of a recording, and what of it nobody else told."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.parse.screen import Screen, plain, read_screen, unseen_lines

HEADER = {"version": 2, "width": 80, "height": 24}
OUTPUT = "\x1b[1mHello\x1b[0m\r\n\x1b]0;title\x07wor\x1b]8;;http://x\x1b\\ld\x1b]8;;\x1b\\\r\n\u2502 ä \u2502\r\n"


def recording(path: Path, *pieces: object) -> Path:
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, (HEADER, *pieces))).encode() + b"\n"))
    return path


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b[?2004h\x1b[>4;2m\x1b[=1;1ua", "a"),
        ("\x1b]0;title\x07a\x1b]2;title\x1b\\b", "ab"),
        ("\x1bP+q544e\x1b\\a\x1b_Gi=1\x1b\\b", "ab"),
        ("\x1b7a\x1b8\x1b(Bb\x1bcc", "abc"),
        ("10%\r20%\r\ndone", "10%\n20%\ndone"),
        ("a\x08b\x00c\x7f\td", "abc\td"),
        ("plain ä \u2028 text\n", "plain ä \u2028 text\n"),
    ],
)
def test_a_text_is_without_what_a_terminal_only_acts_on(raw: str, expected: str) -> None:
    assert plain(raw) == expected


@settings(deadline=None, max_examples=50)
@given(raw=st.text(st.characters(codec="utf-8") | st.sampled_from("\x1b[]\x07\r\n\\;m")))
def test_no_controls_are_left_in_any_text(raw: str) -> None:
    assert [sign for sign in plain(raw) if sign < " " and sign not in "\t\n"] == []


@settings(deadline=None, max_examples=50)
@given(data=st.data())
def test_any_chunking_of_the_same_output_reads_the_same(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(OUTPUT) - 1))))
    pieces = [OUTPUT[start:end] for start, end in zip((0, *cuts), (*cuts, len(OUTPUT)), strict=True)]
    path = tmp_path_factory.getbasetemp() / "chunks.cast.gz"
    found = read_screen(recording(path, *([0.1, "o", piece] for piece in pieces)))
    assert found == Screen("Hello\nworld\n\u2502 ä \u2502\n")


def test_only_output_counts(tmp_path: Path) -> None:
    pieces = (
        [0.1, "o", "a"],
        [0.2, "r", "80x24"],
        [0.3, "i", "typed"],
        ["o"],
        {"o": 1},
        [0.4, "o", 5],
        [0.5, "o", "b"],
    )
    assert read_screen(recording(tmp_path / "x.cast.gz", *pieces)) == Screen("ab")


def test_a_cut_recording_says_so_and_gives_what_can_be_had(tmp_path: Path) -> None:
    path = recording(tmp_path / "x.cast.gz", *([0.1, "o", f"line {number}\n"] for number in range(20_000)))
    path.write_bytes(path.read_bytes()[:-3000])
    found = read_screen(path)
    assert (found.text.startswith("line 0\nline 1\n"), found.is_whole) == (True, False)


def test_without_a_recording_there_is_no_text(tmp_path: Path) -> None:
    assert (read_screen(None), read_screen(tmp_path / "gone")) == (Screen(), Screen(is_whole=False))


@pytest.mark.parametrize(
    ("screen", "known", "expected"),
    [
        ("Hello\nSecret line\n", "Hello", "Secret line"),
        ("\u2502 Hello  world \u2502\n", "Hello\nworld", ""),
        ("\u256d\u2500\u2500\u2500\u2500\u2500\u256e\n", "", ""),
        ("\u2502 Update it \u2502\nUpdate it\n", "", "Update it"),
        ("ok\n> \n", "", ""),
        ("", "x", ""),
    ],
)
def test_an_unseen_line_is_one_that_no_other_source_has(screen: str, known: str, expected: str) -> None:
    assert unseen_lines(screen, known) == expected
