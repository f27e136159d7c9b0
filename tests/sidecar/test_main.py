"""Which sidecars give way once their CLI has ended: those for whose findings nobody waits."""

import json
import os
from pathlib import Path

import pytest

from guardrail_proxy.sidecar.__main__ import finish_in_turn, is_awaited
from guardrail_proxy.sidecar.turn import take_turn


@pytest.mark.parametrize(
    ("start", "awaited"),
    [
        (json.dumps({"mode": "standard"}), False),
        (json.dumps({"mode": "standard", "origin": "api"}), True),
        (json.dumps({"mode": "strict"}), True),
        ("{}", True),
        ("[]", True),
        ("", True),
        (None, True),
    ],
)
def test_strict_and_the_python_api_wait(
    start: str | None, awaited: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if start is not None:
        (tmp_path / "start.json").write_text(start)
    assert is_awaited() is awaited


def test_who_leaves_his_session_to_a_finisher_notes_what_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "sessions/1"
    noted: list[str] = []
    folder.mkdir(parents=True)
    monkeypatch.setattr("guardrail_proxy.sidecar.after.note_after", noted.append)
    turn = take_turn(tmp_path)
    finish_in_turn(str(folder))
    os.close(turn)
    assert noted == [str(folder)]


def test_one_that_is_done_meanwhile_has_passed_it_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "sessions/1"
    folder.mkdir(parents=True)
    finished: list[str] = []
    turn = take_turn(tmp_path)
    monkeypatch.setattr("guardrail_proxy.sidecar.after.note_after", lambda _: os.close(turn))
    monkeypatch.setattr("guardrail_proxy.finish_waiting.finish_waiting", lambda folder, *_: finished.append(folder))
    finish_in_turn(str(folder))
    assert finished == [str(folder)]
