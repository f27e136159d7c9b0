"""One finisher comes to every session that ended while it worked, and to none that somebody waits for."""

import fcntl
import json
import os
import time
from pathlib import Path
from typing import NoReturn

import pytest

from guardrail_proxy import finish_waiting as module
from guardrail_proxy.finish import finish
from guardrail_proxy.finish_waiting import finish_waiting
from guardrail_proxy.home import Home
from guardrail_proxy.session import Session
from guardrail_proxy.sidecar.turn import AT_WORK, FRESH_S, MAY_HANG, take_turn

START = {"cli": "claude", "started_at": 1_790_000_000.0, "kind": "pipe", "bypassed": False, "parent_id": None}
END = {"exit_code": 0, "signal": None, "ended_at": 1_790_000_002.0, "gap_bytes": 0}


class Sessions:
    """A home with ended sessions; what was handed on to the workers."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root / "home")
        self.home.sessions.mkdir(parents=True)
        self.handed: list[set[str]] = []

    def end(self, number: int, *, has_ended: bool = True, stale: str = "0", **start: object) -> Path:
        """Leave a session's folder as its relay and its sidecar do."""
        name = f"019ab000-0000-7000-8000-{number:012}"
        folder = self.home.sessions / name
        folder.mkdir()
        (folder / "start.json").write_text(json.dumps({**START, "session_id": name, "mode": "standard", **start}))
        (folder / "meta.json").write_text(json.dumps({"cwd": "/", "hashes": {}, "stale": stale}))
        if has_ended:
            (folder / "end.json").write_text(json.dumps(END))
        return folder

    def finish(self, folder: Path) -> None:
        """As this session's sidecar does."""
        lock = locked(folder)
        finish_waiting(str(folder), lock, take_turn(self.home.root))

    def left(self) -> list[int]:
        return sorted(int(folder.name[-12:]) for folder in self.home.sessions.iterdir())


@pytest.fixture
def sessions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sessions:
    sessions = Sessions(tmp_path)
    monkeypatch.setattr(module, "hand_on", lambda _, stale: sessions.handed.append(set(stale)))
    return sessions


def locked(folder: Path) -> int:
    lock = os.open(folder / "start.json", os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def test_who_ends_while_a_finisher_works_leaves_his_session_to_it(sessions: Sessions) -> None:
    first = sessions.end(1)
    for number, stale in ((2, "1"), (3, "0")):
        sessions.end(number, stale=stale)
    sessions.finish(first)
    assert (sessions.left(), sessions.handed) == ([], [{"claude"}])
    assert len(list(sessions.home.spool.glob("*/*.json"))) == 3


def test_who_is_waited_for_and_who_has_not_ended_are_left_alone(sessions: Sessions) -> None:
    first = sessions.end(1)
    sessions.end(2, mode="strict")
    sessions.end(3, origin="api")
    sessions.end(4, has_ended=False)
    sessions.finish(first)
    assert sessions.left() == [2, 3, 4]


def test_a_session_whose_sidecar_lets_go_in_a_moment_is_waited_for(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sessions.end(1), sessions.end(2)
    held = [locked(second)]
    monkeypatch.setattr(time, "sleep", lambda _: os.close(held.pop()))
    sessions.finish(first)
    assert sessions.left() == []


def test_one_that_nobody_lets_go_of_stops_no_other(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LETS_GO_IN_S", 0.0)
    first, second = sessions.end(1), sessions.end(2)
    sessions.end(3)
    held = locked(second)
    sessions.finish(first)
    os.close(held)
    assert sessions.left() == [2]


@pytest.mark.parametrize("broken", [1, 2, 3])
def test_one_that_cannot_be_finished_stops_no_other(
    sessions: Sessions, broken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders = [sessions.end(number) for number in (1, 2, 3)]

    def broken_one(folder: Path, *, was_left: bool) -> Session | None:
        return raised() if folder == folders[broken - 1] else finish(folder, was_left=was_left)

    monkeypatch.setattr(module, "finish", broken_one)
    sessions.finish(folders[0])
    assert (sessions.left(), len(sessions.handed)) == ([broken], 1)


@pytest.mark.parametrize(("lets_go", "left"), [(True, []), (False, [2])])
def test_a_session_that_is_kept_for_long_is_looked_for_again_and_not_for_ever(
    sessions: Sessions, lets_go: bool, left: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sessions.end(1), sessions.end(2)
    monkeypatch.setattr(module, "LETS_GO_IN_S", 0.05)
    lock = locked(second)
    if lets_go:
        find, waits = module._is_ours, []

        def is_ours(lock: int, seconds: float) -> bool:
            waits.append(find(lock, seconds))
            os.close(held.pop()) if held else None
            return waits[-1]

        held = [lock]
        monkeypatch.setattr(module, "_is_ours", is_ours)
    sessions.finish(first)
    assert sessions.left() == left
    if not lets_go:
        os.close(lock)


def raised() -> NoReturn:
    raise ValueError("broken")


def test_who_ends_after_the_last_look_is_found_by_one_more(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    first, late = sessions.end(1), list[Path]()
    turns = list[int]()

    def taken(home: Path) -> int:
        turns.append(1)
        return take_turn(home)

    def close(fd: int) -> None:
        os.close(fd)
        if len(late) < 2:  # the lock of the first session, then the turn
            late.append(sessions.end(8 + len(late)))

    monkeypatch.setattr(module, "take_turn", taken)
    monkeypatch.setattr(module, "os", type("", (), {"close": close, "open": os.open, "O_RDWR": 2, "O_CLOEXEC": 0}))
    sessions.finish(first)
    assert (sessions.left(), turns) == ([], [1])


def test_a_turn_is_held_by_one_who_works(sessions: Sessions) -> None:
    turn = take_turn(sessions.home.root)
    again = take_turn(sessions.home.root)
    os.close(turn)
    free = take_turn(sessions.home.root)
    os.close(free)
    assert (turn >= 0, again, free >= 0) == (True, AT_WORK, True)


def test_one_who_may_hang_is_not_waited_for(sessions: Sessions) -> None:
    turn = take_turn(sessions.home.root)
    long_ago = time.time() - 2 * FRESH_S
    os.utime(sessions.home.root / "finisher.lock", (long_ago, long_ago))
    first, second = sessions.end(1), sessions.end(2)
    sessions.finish(first)
    os.close(turn)
    assert (take_turn("/nowhere"), sessions.left(), second.exists()) == (MAY_HANG, [2], True)
