"""The relay's end of the sidecar: one that hangs is replaced, and what it never took is told."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from guardrail_proxy.run import sidecar_process
from guardrail_proxy.run.recorder import Recorder


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    """One whose sidecar never reads."""
    program = tmp_path / "hangs"
    program.write_text("#!/bin/sh\nexec sleep 600\n")
    program.chmod(0o700)
    lock = os.open(tmp_path / "lock", os.O_CREAT | os.O_RDWR)
    recorder = Recorder(os.fsencode(program), os.fsencode(tmp_path), lock, b"facts")
    yield recorder
    if recorder.link.pid > 0:
        os.kill(recorder.link.pid, 9)
        os.waitpid(recorder.link.pid, 0)
    recorder.link.close()
    os.close(lock)


def test_a_sidecar_that_takes_nothing_is_replaced_and_what_waited_is_a_gap(
    recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder.start()
    first = recorder.link.pid
    recorder.output(b"x" * 1000)
    monkeypatch.setattr(sidecar_process, "STUCK_NS", 0)
    recorder.output(b"y" * 500)
    assert (recorder.link.pid != first, recorder.restarts, recorder.gap >= 1500) == (True, 1, True)
    with suppress(ChildProcessError):  # reaped already
        os.waitpid(first, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_a_sidecar_that_takes_what_comes_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    read_end, write_end = os.pipe()
    link = sidecar_process.Link(write_end, -1, -1)
    monkeypatch.setattr(sidecar_process, "STUCK_NS", 0)
    seen = []
    for _ in range(3):
        link.written += os.write(write_end, b"frame")
        os.read(read_end, 3)
        seen.append(link.is_stuck())
    os.close(read_end)
    link.close()
    assert seen == [False, False, False]


def test_nobody_asks_the_kernel_before_the_time_has_come() -> None:
    assert not sidecar_process.Link(12345, -1, -1).is_stuck()
