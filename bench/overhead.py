"""What the shim costs: bare, behind the shim and behind `script -qefc`, interleaved in one run.

    python bench/overhead.py --shims DIR --cli claude [--reps 40] [-- ARGS of the CLI]

Without ``--real`` the CLI is a child that does nothing; with ``--real FOLDER`` it is the one of that name in FOLDER
(give it a model server through its own environment). Prints medians and their ratios; only ratios of one run count.
"""

import argparse
import os
import pty
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PEERS = ("bare", "shim", "script")
SETTLE_S = 5.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one call, in ms: wall time, and CPU time of every process that was waited for."""

    wall_ms: float
    cpu_ms: float


def commands(shims: Path, real: Path, cli: str, args: list[str]) -> dict[str, list[str]]:
    """What to execute for each peer."""
    bare = [str(real / cli), *args]
    script = ["script", "-qefc", shlex.join(bare), "/dev/null"]
    return dict(zip(PEERS, (bare, [str(shims / cli), *args], script), strict=True))


Start = Callable[[list[str], dict[str, str]], int]
"""Runs argv with an environment; returns the exit status."""


def measure(start: Start, argv: list[str], env: dict[str, str]) -> Cost:
    """One call."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    status = start(argv, env)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if status:
        sys.exit(f"overhead: '{shlex.join(argv)}' ended with {status}")
    return Cost(wall * 1e3, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3)


def on_terminal(argv: list[str], env: dict[str, str]) -> int:
    """Exit status of a call whose terminal we read."""
    child, master = pty.fork()
    if not child:
        os.execve(argv[0] if "/" in argv[0] else f"/usr/bin/{argv[0]}", argv, env)  # noqa: S606 # the benchmark's subject
    try:
        while os.read(master, 65536):
            pass
    except OSError:
        pass  # EIO: everybody has closed the terminal
    status = os.waitpid(child, 0)[1]
    os.close(master)
    return os.waitstatus_to_exitcode(status)


def in_pipe(argv: list[str], env: dict[str, str]) -> int:
    """Exit status of a call whose stdout is a pipe."""
    return subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False).returncode


def settle(sessions: Path, before: set[str]) -> None:
    """Wait until the last call's finisher is done: it works on after the call, and must not slow the next one."""
    end = time.monotonic() + SETTLE_S
    while names(sessions) - before and time.monotonic() < end:
        time.sleep(0.01)
    time.sleep(0.05)


def names(sessions: Path) -> set[str]:
    """The sessions that run or are not finished."""
    return {path.name for path in sessions.iterdir()} if sessions.exists() else set()


def compare(
    start: Start, calls: dict[str, list[str]], env: dict[str, str], reps: int, home: Path
) -> dict[str, list[Cost]]:
    """Costs of every peer, one call of each in turn."""
    costs: dict[str, list[Cost]] = {peer: [] for peer in calls}
    before = names(home / "sessions")
    for peer in list(calls) * (reps + 1):
        costs[peer].append(measure(start, calls[peer], env))
        settle(home / "sessions", before)
    return {peer: found[1:] for peer, found in costs.items()}  # the first warms the caches


def report(name: str, costs: dict[str, list[Cost]]) -> None:
    """One line a peer."""
    bare = costs["bare"]
    for peer, found in costs.items():
        wall, cpu = (statistics.median(getattr(c, what) for c in found) for what in ("wall_ms", "cpu_ms"))
        wall0, cpu0 = (statistics.median(getattr(c, what) for c in bare) for what in ("wall_ms", "cpu_ms"))
        print(f"{name:9} {peer:7} wall {wall:8.1f} ms x{wall / wall0:6.2f}   cpu {cpu:8.1f} ms x{cpu / cpu0:6.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shims", type=Path, required=True)
    parser.add_argument("--cli", default="claude")
    parser.add_argument("--real", type=Path)
    parser.add_argument("--reps", type=int, default=40)
    parser.add_argument("args", nargs="*")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        real = asked.real or Path(scratch)
        if not asked.real:
            (real / asked.cli).symlink_to("/bin/true")
        env = {**os.environ, "PATH": f"{asked.shims}:{real}:{os.environ['PATH']}"}
        calls = commands(asked.shims, real, asked.cli, asked.args)
        for name, start, peers in (("terminal", on_terminal, PEERS), ("pipe", in_pipe, PEERS[:2])):
            report(name, compare(start, {peer: calls[peer] for peer in peers}, env, asked.reps, asked.shims.parent))


if __name__ == "__main__":
    main()
