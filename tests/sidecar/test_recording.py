"""The recording is an asciicast that survives a crash and a full disk, and never holds a secret."""

import errno
import gzip
import json
import os
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guardrail_proxy.sidecar.recording import Recording

KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"


def lines(path: Path) -> list[object]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]


def on_disk(path: Path) -> bytes:
    return zlib.decompressobj(31).decompress(path.read_bytes())


def test_a_recording_is_an_asciicast_of_version_two(tmp_path: Path) -> None:
    path = tmp_path / "recording.cast.gz"
    recording = Recording(str(path), (80, 24), "xterm")
    recording.output(0.5, b"hello ")
    recording.resized(0.75, "100x30")
    recording.output(1.25, b"world\r\n")
    recording.close()
    header, *events = lines(path)
    assert isinstance(header, dict)
    assert {k: header[k] for k in ("version", "width", "height", "env")} == {
        "version": 2, "width": 80, "height": 24, "env": {"TERM": "xterm"},
    }  # fmt: skip
    assert events == [[0.5, "o", "hello "], [0.75, "r", "100x30"], [1.25, "o", "world\r\n"]]
    assert path.stat().st_mode & 0o777 == 0o600


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 900), min_size=1, max_size=30), st.integers(0, 6000))
def test_a_planted_key_is_never_on_disk_at_any_time(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], place: int
) -> None:
    text = ("plain words of a log\r\n" * 300).encode()
    data = text[:place] + f" {KEY} ".encode() + text[place:]
    path = tmp_path_factory.mktemp("r") / "recording.cast.gz"
    recording = Recording(str(path), (80, 24), "xterm")
    at = 0
    for number, size in enumerate([*sizes, len(data)]):
        recording.output(number, data[at : at + size])
        at += size
        recording._flushed = -9.0
        recording.flush()
        assert KEY.encode() not in on_disk(path)
    recording.close()
    assert "".join(str(e[2]) for e in lines(path)[1:] if isinstance(e, list)).count("[redacted:") == 1


def test_nothing_is_due_while_nothing_came(tmp_path: Path) -> None:
    recording = Recording(str(tmp_path / "r"), (80, 24), "")
    recording._flushed = -9.0
    recording.flush()
    assert recording.flush_in() is None


def test_what_was_flushed_survives_a_kill_and_another_sidecar_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "recording.cast.gz"
    first = Recording(str(path), (80, 24), "xterm")
    first.output(1.0, b"a line\r\n" * 200)
    first._flushed = -9.0
    first.flush()
    os.close(first._fd)  # killed: no end of the gzip stream
    second = Recording(str(path), (80, 24), "xterm")
    second.output(2.0, b"more\r\n")
    second.close()
    events = [e for e in lines(path)[1:] if isinstance(e, list)]
    assert "".join(str(e[2]) for e in events).count("a line") >= 100
    assert events[-1] == [2.0, "o", "more\r\n"]


def test_a_full_disk_ends_the_recording_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = Recording(str(tmp_path / "r"), (80, 24), "xterm")

    def full(fd: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    recording.output(1.0, os.urandom(9000).hex().encode() + b"\n")
    recording._flushed = -9.0
    recording.flush()
    recording.close()
    assert recording.trouble == "the recording ends early: No space left on device"
