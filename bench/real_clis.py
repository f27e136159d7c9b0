"""What the guard costs a real session: claude and codex, one question, bare and behind the shim, in one run.

    GUARDRAIL_TEST_CLIS=FOLDER python bench/real_clis.py [--reps 15] [--cli claude,codex]

FOLDER holds the real CLIs' executables (``tests/run`` puts them into a cache and says where). The model is a scripted
server on loopback that answers at once: text, one shell command, text. Hooks, injection and recording are on. Bare,
standard and strict take turns; prints medians and their ratios to bare; only ratios of one run count.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "tests/end_to_end")]

from guard import install
from model import ModelServer, Turn, shell
from stage import CLIS, Stage, environment, make_stage, oneshot

TURNS = (Turn("I will look.", (shell("ls"),)), Turn("There is one file.\n"))
WAYS = ("bare", "standard", "strict")


def shims(root: Path, cli: str) -> dict[str, tuple[Path, ...]]:
    """Folders ahead on PATH for each way; the guard is installed twice."""
    found: dict[str, tuple[Path, ...]] = {"bare": ()}
    for mode in WAYS[1:]:
        stage = make_stage(root / f"install-{mode}")
        guard = install(root / f"install-{mode}", stage, cli, config=f'mode = "{mode}"\n')
        found[mode] = (guard.shims,)
    return found


def call(stage: Stage, cli: str, ahead: tuple[Path, ...]) -> tuple[float, float]:
    """Wall and CPU time of one session, in ms; CPU of every process that was waited for."""
    with ModelServer(TURNS) as model:
        env = environment(stage, cli, model.url, ahead)
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(
            ["/usr/bin/env", cli, *oneshot(cli, "What is here?")],
            cwd=stage.project,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode or b"There is one file." not in done.stdout:
        sys.exit(f"real_clis: {cli} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}")
    return wall * 1e3, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e3


def compare(root: Path, cli: str, reps: int) -> Iterator[str]:
    """A line for each way."""
    stage, ahead = make_stage(root / "stage"), shims(root, cli)
    costs: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    for way in [*WAYS] * (reps + 1):  # each begins once more than it counts: the first warms the caches
        costs[way].append(call(stage, cli, ahead[way]))
    medians = {way: [statistics.median(c) for c in zip(*found[1:], strict=True)] for way, found in costs.items()}
    for way, (wall, cpu) in medians.items():
        wall0, cpu0 = medians["bare"]
        yield f"{cli:7} {way:9} wall {wall:8.1f} ms x{wall / wall0:5.2f}   cpu {cpu:8.1f} ms x{cpu / cpu0:5.2f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reps", type=int, default=15)
    parser.add_argument("--cli", default="claude,codex")
    asked = parser.parse_args()
    if not CLIS.is_dir():
        sys.exit("real_clis: set GUARDRAIL_TEST_CLIS to the folder with the real CLIs' executables")
    os.umask(0o077)
    for cli in asked.cli.split(","):
        with tempfile.TemporaryDirectory(prefix="guard-bench-", dir="/var/tmp", ignore_cleanup_errors=True) as root:
            for line in compare(Path(root).resolve(), cli, asked.reps):
                print(line, flush=True)


if __name__ == "__main__":
    main()
