"""COLD. The launchers as a table, a row each, and below it each distinct hole once, with its fix."""

import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from guardrail_proxy.config import Config
from guardrail_proxy.home import Home
from guardrail_proxy.install.doctor.bundles import bundle_cells
from guardrail_proxy.install.doctor.check import Found
from guardrail_proxy.install.doctor.coverage import Cell, cell
from guardrail_proxy.install.doctor.fire import fire
from guardrail_proxy.install.doctor.launchers import LAUNCHERS, Launcher, family, shell_of

AT_ONCE = 4
HEAD, NO_CELL = "launcher", ""
STATES = {"BYPASSED": "runs unguarded in", "absent": "is not found in", "not seen": "was not seen in"}


def check_launchers(home: Home, config: Config, clis: tuple[str, ...]) -> Iterator[Found]:
    """Whether a CLI's name reaches its shim, seen by a canary through each launcher there is here."""
    try:
        cells = [*_all_cells(home, clis, os.environ), *bundle_cells(home)]
    except OSError as error:
        yield Found(f"no canary can be fired from {home.root} ({error.strerror})", f"chown -R $USER {home.root}")
        return
    shown = [_off(one) if not config.tool(one.cli).enabled else one for one in cells]
    yield from (Found(row, is_row=True) for row in rows(shown))
    yield from holes(shown)


def _off(one: Cell) -> Cell:
    return Cell(one.launcher, one.cli, "off")


def _all_cells(home: Home, clis: tuple[str, ...], env: Mapping[str, str]) -> Iterator[Cell]:
    """Every CLI through every launcher, some launchers at a time."""

    def cells(launcher: Launcher) -> list[Cell]:
        heard = fire(home, launcher, clis, env)
        return [cell(home, heard, cli, family(shell_of(launcher, env))) for cli in clis]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for found in pool.map(cells, present(env)):
            yield from found


def present(env: Mapping[str, str]) -> list[Launcher]:
    """The launchers whose programs are on this machine."""
    return [one for one in LAUNCHERS if all(map(shutil.which, (shell_of(one, env), *one.needs)))]


def rows(cells: list[Cell]) -> Iterator[str]:
    """A header, then one line a launcher with one word a CLI."""
    clis = sorted({one.cli for one in cells})
    by_place = {(one.launcher, one.cli): one.state for one in cells}
    launchers = list(dict.fromkeys(one.launcher for one in cells))
    wide = max(len(name) for name in (HEAD, *launchers)) + 2
    widths = [max(len(cli), len("BYPASSED")) + 2 for cli in clis]

    def row(first: str, words: Iterable[str]) -> str:
        return (
            first.ljust(wide) + "".join(word.ljust(width) for word, width in zip(words, widths, strict=True))
        ).rstrip()

    yield row(HEAD, clis)
    yield from (row(name, (by_place.get((name, cli), NO_CELL) for cli in clis)) for name in launchers)


def holes(cells: Iterable[Cell]) -> Iterator[Found]:
    """Each reason once, with the CLIs and launchers it holds for."""
    by_reason: dict[tuple[str, str, bool], list[Cell]] = {}
    for one in cells:
        if one.why:
            by_reason.setdefault((one.why, one.fix, one.is_note), []).append(one)
    for (why, fix, is_note), found in by_reason.items():
        clis = ", ".join(dict.fromkeys(one.cli for one in found))
        launchers = ", ".join(dict.fromkeys(one.launcher for one in found))
        yield Found(f"{clis} {STATES[found[0].state]} [{launchers}]: {why}", fix, is_note=is_note)
