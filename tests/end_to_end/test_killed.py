"""Processes of a session killed in the middle: the session is there all the same, with what was shown."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pexpect
import pytest
from fake_ai import environment, ingest, install, is_pending, noted, shim

from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import spool_lock
from guardrail_proxy.sidecar.recording import whole_lines
from guardrail_proxy.store.query import ask

MOST_S = 60.0
pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Home:
    install(tmp_path / "home", tmp_path)
    return Home(tmp_path / "home")


def until(happened: Callable[[], bool]) -> None:
    """Wait for it."""
    end = time.monotonic() + MOST_S
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


def processes(home: Home) -> list[int]:
    """All that carry the guardrail home in their command line or environment."""
    mark, found = os.fsencode(home.root), []
    for number in filter(str.isdecimal, os.listdir("/proc")):
        with suppress(OSError):
            about = Path(f"/proc/{number}/cmdline").read_bytes() + Path(f"/proc/{number}/environ").read_bytes()
            if mark in about and int(number) != os.getpid():
                found.append(int(number))
    return found


def kill(*pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def start(home: Home, tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Start a session, on a terminal or not; its folder, once the CLI runs. Nothing of it is left afterwards."""
    kept: list[object] = []

    def one(*, on_terminal: bool = False, **more: str) -> Path:
        env = environment(home.root, tmp_path, tmp_path / "user", **more)
        if on_terminal:
            kept.append(pexpect.spawn(shim(home.root), ["-p", "hi"], env=env, timeout=MOST_S))
        else:
            words = [shim(home.root), "-p", "hi"]
            kept.append(subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
        until(lambda: bool(noted(tmp_path)))
        return home.sessions / noted(tmp_path)[-1]

    yield one
    kill(*processes(home))


def sidecar_of(folder: Path) -> int:
    """The session's sidecar; the short process that it starts to ask git looks like it."""
    found: list[int] = []

    def is_alone() -> bool:
        found[:] = [pid for pid in processes(Home(folder.parents[1])) if is_sidecar(pid)]
        return len(found) == 1

    until(is_alone)
    return found[0]


def is_sidecar(pid: int) -> bool:
    try:
        return b"guardrail_proxy.sidecar" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # gone meanwhile
        return False


def shown(folder: Path) -> str:
    """What of the output can be read back by now."""
    recording = folder / "recording.cast.gz"
    return b"".join(whole_lines(str(recording))).decode() if recording.exists() else ""


def row(home: Home) -> tuple[object, ...]:
    (found,) = ask(home, "SELECT CAST(session_id AS VARCHAR), decision, exit_code FROM sessions").rows
    return found


def output_of(home: Home, session_id: str) -> list[str]:
    return [str(line) for (line,) in ask(home, f"SELECT line FROM output_of('{session_id}')").rows]


@pytest.mark.parametrize("on_terminal", [True, False], ids=["terminal", "pipe"])
@pytest.mark.parametrize("who", ["shim", "everything"])
def test_a_killed_session_is_aborted_with_all_output_that_was_flushed(
    who: str, on_terminal: bool, home: Home, start: Callable[..., Path]
) -> None:
    folder = start(on_terminal=on_terminal, COUNT="2000", WORK="60")
    until(lambda: "1500" in shown(folder) and (folder / "meta.json").exists())
    flushed = shown(folder)
    kill(*([json.loads((folder / "start.json").read_text())["pid"]] if who == "shim" else processes(home)))
    until(lambda: not is_pending(home, folder.name))
    ingest(home.root)
    assert row(home) == (folder.name, "aborted", None)
    lines = output_of(home, folder.name)
    assert [n for n in range(1, 1501) if str(n) not in lines] == []
    assert all(line in "\n".join(lines) for line in texts(flushed))
    assert not folder.exists()


def texts(recording: str) -> list[str]:
    """The lines of output in a recording."""
    events = [json.loads(line) for line in recording.splitlines()[1:]]
    return "".join(event[2] for event in events).replace("\r", "").splitlines()


def test_a_finisher_killed_before_it_began_is_replaced_by_the_ingester(
    home: Home, start: Callable[..., Path], tmp_path: Path
) -> None:
    folder = start(WORK="2")
    until((folder / "meta.json").exists)
    finisher = sidecar_of(folder)
    os.kill(finisher, signal.SIGSTOP)
    until((folder / "end.json").exists)
    kill(finisher)
    until(lambda: not is_pending(home, folder.name))
    assert list(home.spool.rglob("*.json")) == []
    ingest(home.root)
    ingest(home.root)
    assert row(home) == (folder.name, "approved", 0)
    assert not folder.exists()


def test_a_finisher_killed_while_it_gives_the_record_its_name_is_replaced_by_the_ingester(
    home: Home, start: Callable[..., Path]
) -> None:
    home.spool.mkdir(mode=0o700)
    with spool_lock(home.spool, fcntl.LOCK_EX):
        folder = start(COUNT="2000", STATUS="7")
        until(lambda: any(home.spool.glob(f".{folder.name}.*.tmp")))
        kill(sidecar_of(folder))
        until(lambda: not is_pending(home, folder.name))
    ingest(home.root)
    ingest(home.root)
    assert row(home) == (folder.name, "approved", 7)
    assert output_of(home, folder.name).count("2000") == 1
