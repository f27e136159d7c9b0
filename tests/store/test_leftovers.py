"""What killed processes left half made goes after an hour, or with its session; nothing else does."""

import os
from pathlib import Path

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.store.leftovers import OLD_S, remove_half_written, sweep_leftovers

ID, OTHER = "019ab000-0000-7000-8000-0000000000aa", "019ab000-0000-7000-8000-0000000000bb"
LEFT = (
    f"spool/.{ID}.4711.tmp",
    f"outputs/2026-11-27/{ID}.cast.4711.tmp",
    f"sessions/{ID}/start.json.new",
    f"sessions/{OTHER}/meta.json",
    "spare/.3-4711/end.json.new",
)
KEPT = (
    f"spool/00000001/{ID}.json",
    "spool/current",
    f"outputs/2026-11-27/{ID}.cast.gz",
    "sessions/a/start.json",
    "sessions/a/meta.json",
    "spare/3/end.json.new",
)
NOW = 1_795_262_400.0


@pytest.fixture
def left(home: Home) -> Home:
    """A home with what was left, and what is in use."""
    for name in (*LEFT, *KEPT):
        path = home.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
        os.utime(path, (NOW, NOW))
    for folder in (*home.sessions.iterdir(), *home.spare.iterdir()):
        os.utime(folder, (NOW, NOW))
    return home


def files(home: Home) -> set[str]:
    return {path.relative_to(home.root).as_posix() for path in Path(home.root).rglob("*") if path.is_file()}


def test_leftovers_go_after_an_hour(left: Home) -> None:
    assert (sweep_leftovers(left, NOW + OLD_S + 1), files(left)) == (len(LEFT), set(KEPT))
    assert [folder.name for folder in left.sessions.iterdir()] == ["a"]


def test_what_somebody_may_still_be_writing_stays(left: Home) -> None:
    assert (sweep_leftovers(left, NOW + OLD_S - 1), files(left)) == (0, {*LEFT, *KEPT})


def test_what_was_half_written_of_a_session_goes_with_it(left: Home) -> None:
    remove_half_written(left, {OTHER})
    before = files(left)
    remove_half_written(left, {ID})
    assert before - files(left) == set(LEFT[:2])


def test_a_home_without_any_session_has_none(home: Home) -> None:
    assert sweep_leftovers(home, NOW) == 0
