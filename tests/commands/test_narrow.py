"""In a narrow terminal nothing is wider than it, and nothing is lost."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.commands._render import width, wrapped
from guardrail_proxy.commands.explain import reflowed

LogHostile = Callable[..., str]
LINES = st.lists(st.text("ab /日é-", max_size=60), max_size=4)


def shown_at(columns: int, *words: str) -> list[str]:
    """Lines of a command's output on a terminal of that width."""
    master, terminal = pty.openpty()
    env = {**os.environ, "COLUMNS": str(columns)}
    process = subprocess.Popen([sys.executable, "-m", "guardrail_proxy", *words], stdout=terminal, env=env)
    os.close(terminal)
    data = b""
    with suppress(OSError):  # how Linux says that nobody has the other end open
        while chunk := os.read(master, 1 << 16):
            data += chunk
    os.close(master)
    assert process.wait() == 0
    return data.decode().replace("\r\n", "\n").rstrip("\n").split("\n")


@pytest.mark.slow
@pytest.mark.parametrize("columns", [40, 60, 80, 120])
@pytest.mark.parametrize("words", [("explain", "last"), ("explain", "secrets/aws-access-key"), ("status",)])
def test_no_line_is_wider_than_the_terminal(log_hostile: LogHostile, words: tuple[str, ...], columns: int) -> None:
    log_hostile()
    lines = shown_at(columns, *words)
    assert [line for line in lines if width(line) > columns] == []
    assert len(lines) > 2


@pytest.mark.slow
def test_the_workers_are_blocks_of_lines_where_their_table_is_too_wide(log_hostile: LogHostile) -> None:
    log_hostile()
    assert [line.split()[-1] for line in shown_at(40, "worker", "status") if line.startswith("worker")][:2] == [
        "ingest",
        "analysis",
    ]


@given(LINES, st.integers(20, 60))
def test_every_character_is_still_there_and_every_line_fits(lines: list[str], room: int) -> None:
    text = wrapped(lines, room)
    assert "".join(text.split()) == "".join("".join(lines).split())
    assert max(map(width, text.split("\n"))) <= room


def test_what_follows_is_indented_and_a_long_path_is_broken() -> None:
    line = "  real /home/somebody/.local/share/claude/versions/2.1.197 2.1.197"
    assert wrapped([line], 40).split("\n") == [
        "  real",
        "    /home/somebody/.local/share/claude/v",
        "    ersions/2.1.197 2.1.197",
    ]


def test_without_a_terminal_nothing_is_broken() -> None:
    assert (wrapped(["a " * 90], 0), reflowed("a\nb\n\nc", 0)) == ("a " * 90, "a\nb\n\nc")


def test_paragraphs_are_as_wide_as_the_terminal_and_lists_keep_their_lines() -> None:
    text = "one two three four\nfive six seven eight\n\n- a\n- b\n\n    code"
    assert reflowed(text, 24) == "one two three four five\nsix seven eight\n\n- a\n- b\n\n    code"
