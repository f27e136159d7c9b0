"""The plan's reader: what a line means, and what it refuses with file and line."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrail_proxy.plan import MAGIC, PlanError, is_stale, parse_plan, read_plan

PATH = b"plans/claude.plan"


def plan_of(*lines: bytes) -> bytes:
    return b"\n".join((MAGIC, *lines, b""))


def test_words_hold_for_both_modes_until_a_mode_is_named() -> None:
    plan = parse_plan(plan_of(b"cli claude", b"arg [a] 1", b"in strict", b"arg [b] 2", b"in standard", b"arg 3"), PATH)
    assert plan.one(b"cli") == b"claude"
    assert (plan.all(b"arg", b"strict"), plan.all(b"arg", b"standard")) == ([b"[a] 1", b"[b] 2"], [b"[a] 1", b"3"])


def test_comments_and_empty_lines_mean_nothing() -> None:
    assert parse_plan(plan_of(b"# arg x", b"", b"quiet yes"), PATH).says(b"quiet")


@pytest.mark.parametrize(
    "line",
    [
        b"frobnicate x",
        b"Cli x",
        b"in between",
        b"mode lenient",
        b"inject maybe",
        b"hold-limit many",
        b"hold-limit 3.5",
        b"verdict-timeout",
        b"input /a b c",
        b"input /a",
    ],
)
def test_a_line_that_is_not_in_the_format_is_an_error_with_file_and_line(line: bytes) -> None:
    with pytest.raises(PlanError, match=r"^plans/claude\.plan:3: .*run guardrail-proxy install$"):
        parse_plan(plan_of(b"cli claude", line), PATH)


def test_a_plan_of_another_version_is_refused() -> None:
    with pytest.raises(PlanError, match=r"^plans/claude\.plan:1: "):
        parse_plan(b"guardrail-proxy plan 2\ncli claude\n", PATH)


@given(st.binary(max_size=60).filter(lambda value: b"\0" not in value))
def test_any_value_survives_being_written_and_read(value: bytes) -> None:
    written = value.replace(b"\\", b"\\\\").replace(b"\n", b"\\n")
    assert parse_plan(plan_of(b"env A=" + written), PATH).all(b"env") == [b"A=" + value]


def test_a_changed_input_makes_the_plan_stale(tmp_path: Path) -> None:
    source, file = tmp_path / "config with space.toml", tmp_path / "a.plan"
    source.write_text("x")
    found = source.stat()
    file.write_bytes(plan_of(b"input %s %d %d" % (os.fsencode(source), found.st_mtime_ns, found.st_size)))
    plan = read_plan(os.fsencode(file))
    fresh = is_stale(plan)
    source.write_text("xy")
    changed = is_stale(plan)
    source.unlink()
    assert (fresh, changed, is_stale(plan)) == (False, True, True)


def test_an_input_that_must_not_exist_makes_the_plan_stale_when_it_does(tmp_path: Path) -> None:
    plan = parse_plan(plan_of(b"input %s 0 0" % os.fsencode(tmp_path / "new.toml")), PATH)
    absent = is_stale(plan)
    (tmp_path / "new.toml").write_text("x")
    assert (absent, is_stale(plan)) == (False, True)
