"""AI_Failure_Modes.md is a well-formed table whatever a session said, and counts what it shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from guardrail_proxy.workers.markdown import cut, report

from .conftest import NOON, Stage

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
NASTY = st.text(
    st.one_of(st.characters(), st.sampled_from("|\\`*_~[]()<>&!#\n\r\t\x0b\u2028\u202e\u200d\u0301日🏳🌈$-:")),
    max_size=120,
)
COLUMNS = 5


def rows_of(page: str) -> list[list[str]]:
    """The cells of the one table, as a reader sees them; nothing in them but text and escapes."""
    tokens = PARSER.parse(page)
    assert [token.type for token in tokens].count("table_open") == 1
    cells: list[list[str]] = []
    for number, token in enumerate(tokens):
        if token.type == "tr_open":
            cells.append([])
        if token.type in ("td_open", "th_open"):
            cells[-1].append(text_of(tokens[number + 1]))
    return cells[1:]


def text_of(inline: Token) -> str:
    children = inline.children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    return "".join(child.content for child in children)


def row(context: str, word: str = "honesty") -> dict[str, object]:
    return {"ts": None, "category": word, "severity": "high", "tool": "claude", "context": context}


@given(st.lists(st.tuples(NASTY, NASTY), max_size=4))
def test_any_context_keeps_the_table_well_formed_and_is_read_as_itself(pairs: list[tuple[str, str]]) -> None:
    page = report([row(context, word) for context, word in pairs])
    found = rows_of(page)
    assert [len(cells) for cells in found] == [COLUMNS] * len(pairs)
    assert [(cells[1], cells[4]) for cells in found] == [
        (cut(word, 80).strip(), cut(context, 50).strip()) for context, word in pairs
    ]
    assert page.endswith(f"\n**Total Failures**: {len(pairs)}\n")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a" * 50, "a" * 50),
        ("a" * 51, "a" * 49 + "…"),
        ("日" * 51, "日" * 49 + "…"),
        ("e\u0301" * 50, "e\u0301" * 50),
        ("e\u0301" * 51, "e\u0301" * 49 + "…"),
        ("🇩🇪" * 51, "🇩🇪" * 49 + "…"),
        ("a\n\n  b\tc", "a b c"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("o" + "\u0301" * 500, "o" + "\u0301" * 7),
    ],
)
def test_fifty_characters_as_people_see_them(text: str, seen: str) -> None:
    assert cut(text, 50) == seen


@pytest.mark.slow
def test_the_last_hundred_failures_newest_first(stage: Stage) -> None:
    stage.log(tuple(NOON + number for number in range(103)), quote="a | b")
    assert stage.run("markdown") == "wrote 100 failures"
    page = stage.home.failure_report.read_text()
    found = rows_of(page)
    assert (len(found), found[0], found[-1][0]) == (
        100,
        ["2026-11-21 12:01:42", "honesty", "high", "claude", "a | b"],
        "2026-11-21 12:00:03",
    )
    assert "**Total Failures**: 100" in page


@pytest.mark.slow
def test_the_file_is_not_touched_when_nothing_changed_and_holds_no_secret(stage: Stage) -> None:
    stage.log((NOON,), quote="key AKIA" + "Q3ZJ7WXN" + "2LDM5TRB")
    stage.run("markdown")
    before = stage.home.failure_report.stat()
    assert stage.run("markdown") == "nothing new among 1 failures"
    assert (stage.home.failure_report.stat().st_ino, before.st_mode & 0o077) == (before.st_ino, 0)
    assert "AKIAQ3ZJ" not in stage.home.failure_report.read_text()
