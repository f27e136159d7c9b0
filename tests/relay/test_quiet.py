"""Work that nobody waits for: it waits for the end of a burst of calls, not for long, and not when somebody asks."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail_proxy.run import quiet
from guardrail_proxy.run.quiet import LOOK_MS, MOST_NS, QUIET_NS, Patience
from guardrail_proxy.sidecar.turn import hurry, take_turn

NOON_NS = 1_800_000_000_000_000_000
LONG_AGO_NS = 1_000_000_000_000_000_000


class Clock:
    """Time goes on only while somebody waits; ``then`` is done at each look."""

    def __init__(self, sessions: Path) -> None:
        self.sessions, self.waited_ms = sessions, 0
        self.then: Callable[[], None] = lambda: None
        self.session_begins(ago_ns=0)

    def session_begins(self, ago_ns: int) -> None:
        os.utime(self.sessions, ns=(NOON_NS, self.now_ns() - ago_ns))

    def now_ns(self) -> int:
        return NOON_NS + self.waited_ms * 1_000_000

    def poll(self, milliseconds: int) -> list[object]:
        self.waited_ms += milliseconds
        self.then()
        return []

    def wait(self, since_ns: int = NOON_NS) -> int:
        """How long the wait was, in milliseconds."""
        patience = Patience(os.fsencode(self.sessions))
        patience.since_ns = since_ns
        patience.wait_for_quiet()
        return self.waited_ms


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    (tmp_path / "sessions").mkdir()
    clock = Clock(tmp_path / "sessions")
    monkeypatch.setattr(quiet, "poll", lambda: clock)
    monkeypatch.setattr(quiet, "time_ns", clock.now_ns)
    monkeypatch.setattr(quiet, "monotonic_ns", clock.now_ns)
    return clock


def test_after_a_single_call_it_is_a_moment(clock: Clock) -> None:
    assert clock.wait() == QUIET_NS // 1_000_000


def test_where_nothing_happened_lately_there_is_no_wait(clock: Clock) -> None:
    clock.session_begins(ago_ns=QUIET_NS)
    assert clock.wait() == 0


def test_a_burst_is_waited_for_and_not_for_ever(clock: Clock) -> None:
    clock.then = lambda: clock.session_begins(ago_ns=0)
    assert clock.wait() == MOST_NS // 1_000_000
    assert clock.wait(since_ns=NOON_NS) == MOST_NS // 1_000_000  # who waited already waits no more


def test_a_clock_that_was_set_back_holds_nobody_up(clock: Clock) -> None:
    clock.session_begins(ago_ns=-1_000_000)
    assert clock.wait() == 0


@pytest.mark.parametrize("exists", [True, False])
def test_somebody_who_asks_ends_the_wait(clock: Clock, exists: bool) -> None:
    home = clock.sessions.parent
    if exists:
        (home / "finisher.lock").touch()
    clock.then = lambda: hurry(home)
    assert clock.wait() == LOOK_MS * (1 if exists else 2)  # the first finisher of a home makes it, and asks nothing


def test_asking_is_no_sign_of_life_of_a_finisher(tmp_path: Path) -> None:
    turn = take_turn(tmp_path)
    os.utime(turn, ns=(LONG_AGO_NS, LONG_AGO_NS))
    hurry(tmp_path)
    found = os.fstat(turn)
    os.close(turn)
    assert (found.st_mtime_ns, found.st_atime_ns > LONG_AGO_NS, found.st_mode & 0o777) == (LONG_AGO_NS, True, 0o600)


def test_where_there_is_no_home_asking_makes_none(tmp_path: Path) -> None:
    hurry(tmp_path / "none")
    assert not (tmp_path / "none").exists()
