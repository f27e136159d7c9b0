"""Which of codex's rollouts is a session's own, where no hook named it."""

import gzip
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from guardrail_proxy.clis._codex_find import find_transcript
from guardrail_proxy.session import Capture

START = 1_795_756_396.0
SAID = ("Go.", "Done.")
"""Prompt and answer."""


def rollout(root: Path, begun: float, written: float, *, cwd: str = "/w", said: tuple[str, str] = SAID) -> Path:
    digits = f"{round(begun * 1000):012x}7000800000000000{len(list(root.rglob('*.jsonl'))):04x}"
    own_id = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    path = root / f"sessions/2026/11/27/rollout-2026-11-27T05-13-16-{own_id}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    entries: list[tuple[str, dict[str, object]]] = [
        ("session_meta", {"id": own_id, "cwd": cwd}),
        ("response_item", {"type": "message", "role": "user", "content": [{"type": "input_text", "text": said[0]}]}),
        (
            "response_item",
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": said[1]}]},
        ),
    ]
    path.write_text("".join(json.dumps({"type": kind, "payload": payload}) + "\n" for kind, payload in entries))
    os.utime(path, (written, written))
    return path


def own_id(path: Path) -> str:
    return path.stem[-36:]


def session(tmp_path: Path, printed: str = "", started: float = START, argv: tuple[str, ...] = ()) -> Capture:
    recording = tmp_path / f"{len(list(tmp_path.iterdir()))}.cast.gz"
    with gzip.open(recording, "wt") as file:
        file.write(json.dumps({"version": 2}) + "\n" + json.dumps([0.1, "o", printed]) + "\n")
    env = {"CODEX_HOME": str(tmp_path)}
    name, ended = "codex", started + 10
    return Capture("i", name, "standard", argv, "/w", tmp_path, recording, None, 0, None, started, ended, env=env)


def test_it_is_the_only_one_of_the_folder_that_was_written_while_the_session_ran(tmp_path: Path) -> None:
    rollout(tmp_path, START - 60, START - 50)
    rollout(tmp_path, START + 20, START + 30)
    rollout(tmp_path, START + 1, START + 5, cwd="/elsewhere")
    ours = rollout(tmp_path, START + 1, START + 5)
    (ours.parent / "rollout-broken.jsonl").write_text("{")
    assert find_transcript(session(tmp_path)) == ours


def test_there_is_none_where_nothing_was_written(tmp_path: Path) -> None:
    rollout(tmp_path, START - 60, START - 50)
    assert find_transcript(session(tmp_path)) is None


def test_of_two_sessions_at_the_same_time_each_finds_the_one_whose_answer_it_printed(tmp_path: Path) -> None:
    one = rollout(tmp_path, START + 0.9, START + 5, said=("Go.", "Answer\none."))
    two = rollout(tmp_path, START + 1.0, START + 5, said=("Go.", "Answer two."))
    first = find_transcript(session(tmp_path, "Answer one.\n"))
    second = find_transcript(session(tmp_path, "Answer\r\ntwo.\n", START + 0.8))
    assert (first, second) == (one, two)


def test_of_two_with_the_same_answer_each_finds_the_one_with_its_prompt(tmp_path: Path) -> None:
    one = rollout(tmp_path, START + 0.9, START + 5, said=("Test it.", "Done."))
    two = rollout(tmp_path, START + 1.0, START + 5, said=("Build it.", "Done."))
    found = [find_transcript(session(tmp_path, "Done.", argv=("exec", word))) for word in ("Test it.", "Build it.")]
    assert found == [one, two]


def test_the_id_that_a_session_printed_or_was_told_to_resume_beats_all(tmp_path: Path) -> None:
    old = rollout(tmp_path, START - 600, START + 4, said=("Old.", "Older."))
    new = rollout(tmp_path, START + 0.5, START + 5)
    printed = session(tmp_path, f'{{"type":"thread.started","thread_id":"{own_id(old)}"}}\nDone.')
    resumed = session(tmp_path, argv=("exec", "resume", own_id(old), "Again."))
    assert (find_transcript(printed), find_transcript(resumed), find_transcript(session(tmp_path))) == (old, old, new)


@pytest.mark.parametrize("is_recorded", [True, False])
def test_of_equals_it_is_the_one_begun_nearest_to_the_start(is_recorded: bool, tmp_path: Path) -> None:
    rollout(tmp_path, START + 3, START + 5)
    ours = rollout(tmp_path, START + 0.4, START + 4)
    found = session(tmp_path, "Done.")
    assert find_transcript(found if is_recorded else replace(found, recording=None)) == ours


def test_of_resumed_ones_it_is_the_one_written_last(tmp_path: Path) -> None:
    ours = rollout(tmp_path, START - 700, START + 5)
    rollout(tmp_path, START - 600, START + 4)
    assert find_transcript(session(tmp_path)) == ours
