"""Text of a session is harmless where people read it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.escape import for_markdown, for_terminal, one_line


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b]52;c;ZXZpbA==\x07", r"\x1b]52;c;ZXZpbA==\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("a\rb", r"a\x0db"),
        ("a\x7fb\x08", r"a\x7fb\x08"),
        ("admin\u202etxt.exe", r"admin\u202etxt.exe"),
        ("\u2066x\u2069", r"\u2066x\u2069"),
        ("\u200e\u200f\u061c", r"\u200e\u200f\u061c"),
        ("a\u200bb\u2060\ufeff", r"a\u200bb\u2060\ufeff"),
        ("one\u2028two\u2029", r"one\u2028two\u2029"),
        ("\U000e0041\U000e0042", r"\U000e0041\U000e0042"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_cannot_be_seen_is_shown_as_its_number(hostile: str, shown: str) -> None:
    assert for_terminal(hostile) == shown


@pytest.mark.parametrize("text", ["tab\tand\nnewline", "schön — 漢字 עברית عربى 😀 ❤️", "a\ufffdb", ""])
def test_what_people_write_stays(text: str) -> None:
    assert for_terminal(text) == text


@given(st.text())
def test_a_terminal_gets_no_control_and_no_bidi_character(text: str) -> None:
    shown = for_terminal(text)
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} and c not in "\n\t"]
    assert not set(shown) & set(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200c\u200d\u200e\u200f\u061c\ufeff"
    )
    assert for_terminal(shown) == shown
    shown.encode()


@given(st.text(), st.integers(1, 300))
def test_one_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line == " ".join(for_terminal(line).split())


def test_one_line_says_that_it_was_cut() -> None:
    assert one_line("a\n b\r\nc") == "a b c"
    assert one_line("x" * 50, 10) == "x" * 9 + "…"
    assert one_line("word " * 10_000, 12).endswith("…")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("`rm`", r"\`rm\`"),
        ("<img src=x>", "&lt;img src=x&gt;"),
        ("</system> & co", "&lt;/system&gt; &amp; co"),
        ("one\ntwo\r\nthree", "one<br>two<br>three"),
        ("[x](javascript:1)", r"\[x\](javascript:1)"),
        ("https://evil.example/?q", "https&#58;//evil.example/?q"),
        ("\x1b[0m\u202e", r"\\x1b\[0m\\u202e"),
    ],
)
def test_markdown_renders_the_text_as_itself(text: str, shown: str) -> None:
    assert for_markdown(text) == shown


@given(st.text())
def test_markdown_is_one_line_without_live_html(text: str) -> None:
    shown = for_markdown(text)
    assert "\n" not in shown
    assert "<" not in shown.replace("<br>", "")
