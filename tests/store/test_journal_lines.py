"""Logs are shown whole and harmless, oldest first, and followed across a rotation."""

import json
from pathlib import Path

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.store.journal import write
from guardrail_proxy.store.journal_lines import Tail, parsed


def test_lines_of_all_logs_by_time_and_level(home: Home) -> None:
    write(home, "workers", "info", "one", worker="metrics")
    write(home, "ingest", "warning", "two")
    write(home, "workers", "debug", "three")
    tail = Tail(home.logs)
    assert [(line.name, line.level, line.text) for line in tail.read("info")] == [
        ("workers", "info", "one worker=metrics"),
        ("ingest", "warning", "two"),
    ]
    assert tail.read() == []
    tail.close()


def test_what_is_added_is_read_once_also_around_a_rotation(home: Home) -> None:
    write(home, "workers", "info", "before")
    tail = Tail(home.logs)
    seen = [[line.text for line in tail.read()]]
    write(home, "workers", "info", "last of the old")
    (home.logs / "workers.jsonl").rename(home.logs / "workers.jsonl.1")
    write(home, "workers", "info", "first of the new")
    seen.append([line.text for line in tail.read()])
    (home.logs / "workers.jsonl").unlink()
    seen += [[line.text for line in tail.read()] for _ in range(2)]
    assert seen == [["before"], ["last of the old", "first of the new"], [], []]
    tail.close()


def test_half_a_line_waits_for_its_end(home: Home) -> None:
    home.logs.mkdir(parents=True)
    path, line = home.logs / "a.jsonl", json.dumps({"event": "whole", "level": "info"}).encode()
    path.write_bytes(line[:9])
    tail = Tail(home.logs)
    assert tail.read() == []
    path.write_bytes(line + b"\n")
    assert [one.text for one in tail.read()] == ["whole"]
    tail.close()


@pytest.mark.parametrize(
    "line",
    [
        b"\xff\xfe not json \x1b]0;x\x07",
        b"[1]",
        json.dumps({"event": "a\nb\x1b[2J", "level": "\x1b", "timestamp": "\x07" * 99, "k\n": {"x": "\x1b"}}).encode(),
        json.dumps({"event": "\u202e" + "x" * 9999}).encode(),
    ],
)
def test_any_line_is_one_harmless_line(line: bytes) -> None:
    shown = parsed("\x1bname", line).shown
    assert (shown.isprintable(), len(shown) < 2000) == (True, True)


def test_there_are_no_lines_where_there_are_no_logs(tmp_path: Path) -> None:
    assert Tail(tmp_path / "none").read() == []
