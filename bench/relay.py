"""What the relay costs: start, exit, throughput, keys, memory, idling, beside other relays in turn in one run.

    python bench/relay.py [--shims DIR --cli claude] [--reps 20] [--only start,exit,keys] [--markdown] [--json FILE]

Without ``--shims`` it makes an installation of its own that injects nothing, in a scratch folder. The CLI is a small C
program of the same name in a later folder of PATH. Prints medians, their ratios to bare and to ``script -qefc``; only
ratios of one run count. bench/README.md says what each figure means.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path

from relaying import bulk, keys, memory, start_exit
from relaying.call import FailedError, on_terminal
from relaying.group import Group, Sizes, run_group
from relaying.peers import Peer, all_peers
from relaying.place import BenchError, Place, make_place, scratch_home
from relaying.processes import adopt_orphans
from relaying.tables import Results, as_json, as_lines, as_markdown, put_between

GROUPS: tuple[Group, ...] = (*start_exit.GROUPS, *bulk.GROUPS, *keys.GROUPS, *memory.GROUPS)


def asked_for() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shims", type=Path, help="the folder that guardrail-proxy install made; without it a new one")
    parser.add_argument("--cli", default="claude", help="which of its shims")
    parser.add_argument("--only", default="", help=f"groups, of {','.join(group.name for group in GROUPS)}")
    parser.add_argument("--peers", default="", help="who is compared; without it everybody who is installed")
    parser.add_argument("--markdown", action="store_true", help="print the README's table")
    parser.add_argument("--into", type=Path, metavar="README", help="put that table into this page")
    parser.add_argument("--json", type=Path, help="write everything to this file")
    for field in fields(Sizes):
        default = field.default
        assert isinstance(default, (int, float))
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=positive(type(default)), default=default)
    return parser.parse_args()


def positive(kind: type[int] | type[float]) -> Callable[[str], float]:
    """What makes such a number of a word, of more than nothing."""

    def number(word: str) -> float:
        value = kind(word)
        if value <= 0:
            raise ValueError
        return value

    return number


def check_targets(asked: argparse.Namespace) -> None:
    """What is to be written can be: known before the minutes it takes. Raises BenchError."""
    try:
        if asked.into:
            put_between(asked.into.read_text(), "")
        if asked.json:
            asked.json.touch()
    except OSError as error:
        raise BenchError(f"'{error.filename}' cannot be used ({error.strerror})") from None
    except ValueError as error:
        raise BenchError(f"'{asked.into}' has no place for the table: {error}") from None


def chosen(wanted: str, known: list[str]) -> set[str]:
    """Names of a list with commas; all where it is empty. Raises BenchError."""
    names = set(filter(None, wanted.split(","))) or set(known)
    if names - set(known):
        raise BenchError(f"'{min(names - set(known))}' is none of {', '.join(known)}")
    return names


def present(place: Place, wanted: str) -> Iterator[Peer]:
    """Who was asked for and is there; who is not is named."""
    everybody = all_peers(place)
    names = chosen(wanted, [peer.name for peer in everybody])
    for peer in everybody:
        if peer.name in names and peer.missing:
            print(f"relay: {peer.name} is left out: {peer.missing}", file=sys.stderr)
        elif peer.name in names:
            yield peer


def check_shim(place: Place, peers: list[Peer]) -> None:
    """The shim must start the child. Raises BenchError."""
    shim = next((peer for peer in peers if peer.name == "shim"), None)
    if shim is None:
        return
    try:
        with on_terminal(place, shim, "hold", str(place.times), "0") as call:
            call.expect(b"READY")
            call.press(b"q")
            call.end()
    except FailedError as error:
        raise BenchError(f"'{place.shims / place.cli}' does not start its CLI: {error}") from None


def measure(asked: argparse.Namespace, root: Path) -> Results:
    """Every group that was asked for. Raises BenchError."""
    names = chosen(asked.only, [group.name for group in GROUPS])
    place = make_place(root, asked.shims or scratch_home(root, asked.cli), asked.cli)
    peers = list(present(place, asked.peers))
    check_shim(place, peers)
    sizes = Sizes(**{field.name: getattr(asked, field.name) for field in fields(Sizes)})
    groups = []
    for group in (group for group in GROUPS if group.name in names):
        began = time.monotonic()
        groups.append((group, run_group(group, place, peers, sizes)))
        print(f"relay: {group.name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    conditions = f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load {load}, up to {sizes.reps} repetitions."
    return Results([peer.name for peer in peers], groups, conditions)


def main() -> None:
    """Measure and print."""
    asked = asked_for()
    os.umask(0o077)
    adopt_orphans()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended on the way out
    try:
        check_targets(asked)
        # on a disk: in memory an fsync is free
        with tempfile.TemporaryDirectory(prefix="relay-bench-", dir="/var/tmp", ignore_cleanup_errors=True) as root:
            results = measure(asked, Path(root).resolve())
    except BenchError as error:
        sys.exit(f"relay: {error}")
    table = "\n".join(as_markdown(results))
    print(table if asked.markdown else "\n".join([results.conditions, *as_lines(results)]))
    if asked.json:
        asked.json.write_text(as_json(results))
    if asked.into:
        asked.into.write_text(put_between(asked.into.read_text(), table))


if __name__ == "__main__":
    main()
