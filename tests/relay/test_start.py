"""What the CLI is started with behind the shim: byte for byte what the shell gave, but for the name of the session."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from stand import Stand
from terminal import TerminalRun

pytestmark = pytest.mark.slow
PROBE = Path(__file__).parent / "probe.py"
ODD = (b"a b", b"", b"--", b"\xff\xfe", b"'\"\\$(x)", "ä漢🙂".encode(), b"-n", b"new\nline")


@pytest.fixture
def both(stand: Stand) -> tuple[str, str]:
    """(the probe, its shim), as paths whose last part is ``claude``."""
    stand.script(stand.bin / "claude", f'#!/bin/sh\nexec {sys.executable} -I -S {PROBE} "$@"\n')
    return str(stand.bin / "claude"), str(stand.home / "shims/claude")


def prepared(umask: int, ignored: signal.Signals) -> Callable[[], None]:
    """Runs before the program is executed: a limit, a mask and an ignored signal of its own."""

    def prepare() -> None:
        os.umask(umask)
        resource.setrlimit(resource.RLIMIT_NOFILE, (123, 456))
        signal.signal(ignored, signal.SIG_IGN)

    return prepare


@pytest.mark.parametrize("ignored", [signal.SIGCHLD, signal.SIGINT, signal.SIGPIPE, signal.SIGUSR1])
@pytest.mark.parametrize("err", [subprocess.PIPE, subprocess.STDOUT, subprocess.DEVNULL])
def test_without_a_terminal_it_gets_what_the_shell_gave(
    stand: Stand, both: tuple[str, str], ignored: signal.Signals, err: int
) -> None:
    env = {**{os.fsencode(k): os.fsencode(v) for k, v in stand.env().items()}, b"ODD": b"\xff = \n", b"EMPTY": b""}
    seen = [
        subprocess.run(
            [b"claude", b"facts", *ODD],
            executable=program,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=err,
            env=env,
            cwd=stand.root,
            preexec_fn=prepared(0o137, ignored),
            restore_signals=False,
            timeout=60,
        ).stdout
        for program in both
    ]
    assert seen[0].startswith(b"argv")
    assert seen[1] == seen[0]


@pytest.mark.parametrize("closed", [(), (0,), (2,), (0, 2)])
def test_on_a_terminal_it_gets_the_same_descriptors(
    stand: Stand, both: tuple[str, str], closed: tuple[int, ...]
) -> None:
    seen = []
    for program in both:
        run = TerminalRun([program, "facts"], stand.env(), closed=closed)
        run.wait()
        run.close()
        seen.append(run.out)
    assert seen[1] == seen[0].replace(both[0].encode(), both[1].encode())


def test_more_descriptors_than_three_are_inherited(stand: Stand, both: tuple[str, str]) -> None:
    read_end, write_end = os.pipe()
    told = [
        subprocess.run(
            [program, "facts"], capture_output=True, pass_fds=(write_end,), env=stand.env(), timeout=60
        ).stdout
        for program in both
    ]
    os.close(read_end)
    os.close(write_end)
    assert (b"open [0, 1, 2, " in told[0], told[1]) == (True, told[0].replace(both[0].encode(), both[1].encode()))


def test_a_reader_that_has_enough_ends_it_as_bare(stand: Stand, both: tuple[str, str]) -> None:
    stand.script(stand.bin / "claude", "#!/bin/sh\nexec yes 'the quick brown fox'\n")
    line = '"$0"; echo "${PIPESTATUS[0]}" >&2'.replace('"$0"', '"$0" | head -1')
    ended = [
        subprocess.run(["bash", "-c", line, program], capture_output=True, env=stand.env(), timeout=60)
        for program in both
    ]
    assert [(one.stdout, one.stderr) for one in ended] == [(b"the quick brown fox\n", b"141\n")] * 2


def test_a_stopped_reader_stops_it_and_memory_stays_bounded(stand: Stand, both: tuple[str, str]) -> None:
    stand.script(stand.bin / "claude", "#!/bin/sh\nexec yes 'the quick brown fox'\n")
    running = subprocess.Popen([both[1]], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=stand.env())
    assert running.stdout
    first = running.stdout.read(1 << 20)
    before = anonymous_kb(running.pid)
    while not stand.folders() or not list(stand.home.glob("sessions/*/frames")):
        assert running.poll() is None
    more = running.stdout.read(8 << 20)
    grew = anonymous_kb(running.pid) - before
    running.terminate()
    running.communicate(timeout=60)
    assert (set((first + more).splitlines()[:-1]), grew < 4096) == ({b"the quick brown fox"}, True)


def anonymous_kb(pid: int) -> int:
    """Memory of its own that a process holds."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Anonymous:"))
