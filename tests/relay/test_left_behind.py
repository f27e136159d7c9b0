"""A CLI that ends at once: its sidecar is started when we have left, fed, and nobody's call is held up by it."""

import fcntl
import os
import posix
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from stand import Stand

from guardrail_proxy.run import left_behind, recorder
from guardrail_proxy.run.left_behind import is_crowded
from guardrail_proxy.run.recorder import BATCH_BYTES, STARTS_AFTER_NS, Recorder
from guardrail_proxy.sidecar.turn import hurry

SIDECAR = """#!{python} -IS
import os, sys
with open(3, "rb") as frames:
    said = frames.read()
with open(sys.argv[-1] + "/told", "wb") as file:
    file.write(b"%d %d " % (os.nice(0), os.getsid(0) == os.getpid()) + said)
os.rename(sys.argv[-1] + "/told", sys.argv[-1] + "/heard")
"""
MS = 1_000_000
WAIT_S = 20


@pytest.fixture
def stand(make_stand: type[Stand], tmp_path: Path) -> Stand:
    stand = make_stand(tmp_path, "standard")
    stand.script(stand.sidecar, SIDECAR.format(python=sys.executable))
    return stand


def change(stand: Stand, module: str, before: str, after: str) -> None:
    """Of the home's hot copy."""
    file = stand.home / f"hot/guardrail_proxy/run/{module}.py"
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after, 1))


def every_cli_is_fast(stand: Stand) -> None:
    """However busy the machine is."""
    change(stand, "recorder", "STARTS_AFTER_NS = 10_000_000", "STARTS_AFTER_NS = 10**12")


def heard(stand: Stand, count: int = 1) -> list[bytes]:
    """What the sidecars of all sessions were told: their niceness, whether they lead a session, the frames."""
    until = time.monotonic() + WAIT_S
    while len(found := sorted(stand.home.glob("sessions/*/heard"))) < count and time.monotonic() < until:
        time.sleep(0.01)
    return [path.read_bytes() for path in found]


@pytest.mark.parametrize("tty", [True, False])
def test_a_fast_cli_is_recorded_by_a_sidecar_that_gives_way(stand: Stand, tty: bool) -> None:
    every_cli_is_fast(stand)
    stand.script(stand.bin / "claude", "#!/bin/sh\necho fast\nexit 4\n")
    ended = stand.run_on_terminal() if tty else stand.run()
    [told] = heard(stand)
    nice, leads, frames = told.split(b" ", 2)
    assert (ended.status, b"fast" in ended.out) == (4, True)
    assert (int(nice), leads) == (os.nice(0) + left_behind.NICE, b"1")
    assert (frames[:1], b"fast" in frames, frames.endswith(b"exit 4")) == (b"m", True, True)


def test_one_that_lives_longer_has_its_sidecar_at_once(stand: Stand) -> None:
    stand.script(stand.bin / "claude", "#!/bin/sh\nsleep 0.3\necho late\n")
    stand.run()
    [told] = heard(stand)
    assert told.startswith(b"%d 1 m" % os.nice(0))


def test_one_after_the_other_in_a_burst(stand: Stand) -> None:
    every_cli_is_fast(stand)
    stand.script(stand.bin / "claude", "#!/bin/sh\nexit 0\n")
    for _ in range(5):
        stand.run()
    assert [told.endswith(b"exit 0") for told in heard(stand, 5)] == [True] * 5


@pytest.mark.parametrize("asks", [True, False])
def test_one_that_hangs_while_it_is_its_turn_holds_nobody_up_for_ever(stand: Stand, asks: bool) -> None:
    every_cli_is_fast(stand)
    change(stand, "left_behind", "LOOK_S = 1.0", "LOOK_S = 0.05")
    if not asks:
        change(stand, "left_behind", "TURN_MOST_NS = 30_000_000_000", "TURN_MOST_NS = 100_000_000")
    stand.script(stand.bin / "claude", "#!/bin/sh\nexit 0\n")
    (stand.home / "sessions").mkdir()
    holder = os.open(stand.home / "sessions", os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    stand.run()
    time.sleep(0.3)
    if asks:
        assert not list(stand.home.glob("sessions/*/heard"))
        hurry(stand.home)
        time.sleep(0.2)
        hurry(stand.home)
    [told] = heard(stand)
    os.close(holder)
    assert told.endswith(b"exit 0")


@pytest.mark.parametrize("tty", [True, False])
def test_what_waits_can_be_ended(stand: Stand, tty: bool) -> None:
    every_cli_is_fast(stand)
    stand.script(stand.bin / "claude", "#!/bin/sh\nexit 0\n")
    (stand.home / "sessions").mkdir()
    holder = os.open(stand.home / "sessions", os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    (stand.run_on_terminal if tty else stand.run)()
    [folder] = stand.folders()
    left = [int(path.parts[2]) for path in Path("/proc").glob("[0-9]*/fd/*") if str(folder) in link(path)]
    for pid in left:
        os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + WAIT_S
    while any(Path(f"/proc/{pid}/fd/0").exists() for pid in left) and time.monotonic() < until:
        time.sleep(0.01)
    os.close(holder)
    assert (len(left), [pid for pid in left if Path(f"/proc/{pid}/fd/0").exists()]) == (1, [])


def link(path: Path) -> str:
    """What a descriptor is; '' when it is gone."""
    try:
        return os.readlink(path)
    except OSError:
        return ""


@pytest.mark.parametrize("protocol", [True, False])
def test_a_cli_that_stops_is_recorded_while_it_is_stopped(
    make_stand: type[Stand], tmp_path: Path, protocol: bool
) -> None:
    stand = make_stand(tmp_path, "standard")
    stand.plan(*(["protocol mcp"] if protocol else []))
    every_cli_is_fast(stand)
    stand.script(stand.bin / "claude", "#!/bin/sh\necho here\nkill -STOP $$\nexit 4\n")
    shim = subprocess.Popen([stand.home / "shims/claude", "mcp"], env=stand.env(), stdout=subprocess.PIPE)
    os.waitpid(shim.pid, os.WUNTRACED)
    until = time.monotonic() + WAIT_S
    while not (found := list(stand.home.glob("sessions/*/frames"))) and time.monotonic() < until:
        time.sleep(0.01)
    while found and found[0].stat().st_size < 12 and time.monotonic() < until:
        time.sleep(0.01)
    kinds = [kind for kind, _ in stand.frames()] if found else []
    os.kill(shim.pid, signal.SIGCONT)
    shim.communicate(timeout=WAIT_S)
    assert (kinds[:1], shim.returncode) == (["m"], 4)


def test_in_a_crowd_everybody_pays_for_his_own(stand: Stand) -> None:
    every_cli_is_fast(stand)
    stand.script(stand.bin / "claude", "#!/bin/sh\nexit 0\n")
    for number in range(left_behind.CROWD + 1):
        (stand.home / f"sessions/{number}").mkdir(parents=True)
    stand.run()
    [told] = heard(stand)
    assert told.startswith(b"%d 1 m" % os.nice(0))


def test_a_crowd_is_counted_and_what_cannot_be_counted_is_one(tmp_path: Path) -> None:
    few = is_crowded(os.fsencode(tmp_path))
    for number in range(left_behind.CROWD + 1):
        (tmp_path / str(number)).mkdir()
    assert (few, is_crowded(os.fsencode(tmp_path)), is_crowded(b"/nowhere")) == (False, True, True)


class Started(Recorder):
    """Notes that it was started."""

    def start(self) -> None:
        self.start_at_ns = 0
        self.restarts += 1


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> tuple[Started, list[int]]:
    """A recorder, and its clock."""
    now = [5 * MS]
    monkeypatch.setattr(recorder, "monotonic_ns", lambda: now[0])
    return Started(b"/nowhere", b"/nowhere", -1, b""), now


def test_whoever_is_awaited_starts_his_sidecar_with_the_cli(made: tuple[Started, list[int]]) -> None:
    recorder, _ = made
    recorder.begin()
    assert (recorder.restarts, recorder.due_in_ms()) == (1, None)


def test_else_the_cli_has_the_first_moment(made: tuple[Started, list[int]]) -> None:
    recorder, now = made
    recorder.is_awaited = False
    recorder.begin()
    first = recorder.due_in_ms()
    recorder.do_due()
    early, now[0] = recorder.restarts, now[0] + STARTS_AFTER_NS
    recorder.do_due()
    assert (first, early, recorder.restarts, recorder.due_in_ms()) == (STARTS_AFTER_NS // MS + 1, 0, 1, None)


def test_much_output_is_not_kept_for_later(made: tuple[Started, list[int]]) -> None:
    recorder, _ = made
    recorder.is_awaited = False
    recorder.begin()
    recorder.output(b"x" * (BATCH_BYTES - 100))
    few = recorder.restarts
    recorder.output(b"x" * 100)
    assert (few, recorder.restarts) == (0, 1)


def test_the_end_comes_first(made: tuple[Started, list[int]]) -> None:
    recorder, now = made
    recorder.is_awaited = False
    recorder.begin()
    recorder.ended(b"exit 0")
    now[0] += STARTS_AFTER_NS
    recorder.do_due()
    assert (recorder.restarts, recorder.due_in_ms()) == (0, None)


def test_without_another_process_the_sidecar_is_started_here(
    made: tuple[Started, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused() -> int:
        raise BlockingIOError(11, "no more processes")

    recorder, _ = made
    recorder.is_awaited = False
    recorder.ended(b"exit 0")
    monkeypatch.setattr(left_behind, "is_crowded", lambda _: False)
    monkeypatch.setattr(posix, "fork", refused)
    left_behind.leave_behind(recorder)
    assert recorder.restarts == 1


def test_what_fails_after_the_cli_never_has_it_run_again(stand: Stand) -> None:
    change(stand, "left_behind", "    recorder.pump()\n", "    raise OSError(11, 'no more')\n")
    stand.script(stand.bin / "claude", f"#!/bin/sh\necho ran >> {stand.root}/runs\nexit 4\n")
    ended = stand.run()
    assert (ended.status, (stand.root / "runs").read_text()) == (4, "ran\n")
