"""How late is the last exit of many sessions at the same moment, and when is the last one recorded.

    python bench/crowd.py [--sessions 64] [--seconds 0.5] [--reps 3]

Installs the guard for a made-up CLI that works for a while, half of the calls on a terminal, half on pipes. Bare and
guarded take turns; prints medians over the repetitions.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "tests/support")]

from crowd import Ended, crowd
from fake_ai import NAME, environment, install, is_pending, noted, shim

from guardrail_proxy.home import Home

LOOK_EVERY_S = 0.02


def recorded_s(home: Home, work: Path, began: float) -> float:
    """Seconds until every session has its record."""
    names = noted(work)
    while any(is_pending(home, name) for name in names):
        time.sleep(LOOK_EVERY_S)
    return time.monotonic() - began


def figures(ended: list[Ended]) -> tuple[float, float]:
    """Median and slowest, in seconds."""
    seconds = [one.seconds for one in ended]
    return statistics.median(seconds), max(seconds)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--sessions", type=int, default=64)
    options.add_argument("--seconds", default="0.5", help="how long the CLI works")
    options.add_argument("--reps", type=int, default=3)
    chosen = options.parse_args()
    bare, guarded, recorded = [], [], []
    with tempfile.TemporaryDirectory(prefix="crowd-", ignore_cleanup_errors=True) as folder:
        work, home = Path(folder), Home(Path(folder) / "home")
        install(home.root, work)
        users = [work / f"user-{number}" for number in range(chosen.sessions)]
        environments = [environment(home.root, work, user, WORK=chosen.seconds) for user in users]
        for _ in range(chosen.reps):
            bare.append(figures(crowd(str(work / "bin" / NAME), environments)))
            began = time.monotonic()
            guarded.append(figures(crowd(shim(home.root), environments)))
            recorded.append(recorded_s(home, work, began))
    for name, runs in (("bare", bare), ("guarded", guarded)):
        middle, slowest = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"{name:8} median exit {middle:.2f} s, slowest exit {slowest:.2f} s")
    print(f"all {chosen.sessions} recorded after {statistics.median(recorded):.2f} s")


if __name__ == "__main__":
    main()
