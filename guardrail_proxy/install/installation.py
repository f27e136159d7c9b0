"""COLD. What ``install`` does, as steps that say what they change."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from guardrail_proxy.config import load
from guardrail_proxy.config.replace_file import replace_file
from guardrail_proxy.errors import CliError, ConfigError
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home
from guardrail_proxy.install.find_clis import find_real, known_clis, present_clis, shimmed_clis
from guardrail_proxy.install.hot_copy import is_current
from guardrail_proxy.install.shell_changes import additions, apply, with_lines_of_ours
from guardrail_proxy.install.start_up import SHELLS, StartUp, recorded_files, start_up_files
from guardrail_proxy.install.sync import is_as_wanted, is_old_plan, planned, sync, texts


def chosen_clis(home: Home, names: Sequence[str]) -> tuple[str, ...]:
    """The CLIs to shim: those named, else those present; those that have a shim stay.

    ConfigError for a name nobody knows, CliError for a CLI that is not there.
    """
    known = known_clis()
    for name in names:
        if name not in known:
            raise ConfigError(f'"{one_line(name, 40)}" is no AI CLI known here: choose from {", ".join(sorted(known))}')
        if find_real(name) is None:
            raise CliError(f"{name} is not on PATH: install it first (npm package {known[name].package})")
    return tuple(sorted({*(names or present_clis()), *shimmed_clis(home)} & set(known)))


def shells_present() -> tuple[str, ...]:
    """The shells on PATH that we can set up, never none: bash's files serve sh too."""
    return tuple(shell for shell in SHELLS if shutil.which(shell)) or ("bash",)


def install(home: Home, clis: tuple[str, ...], shells: tuple[str, ...], *, dry_run: bool) -> Iterator[str]:
    """Install step by step; yields one line a change, none when everything is as it should be."""
    files = start_up_files(home, shells, Path.home(), os.environ)
    shell_changes = list(additions(files))
    if dry_run:
        yield from (f"would write {path}" for path in _wanting(home, clis))
        yield from (f"would have {change.says}" if not change.by_hand else change.says for change in shell_changes)
        return
    report = sync(home, clis)
    yield from (_told(home, path) for path in report.changed)
    for change in shell_changes:
        apply(change)
        yield change.says
    _record(home, files)


def _record(home: Home, files: tuple[StartUp, ...]) -> None:
    """Note which start-up files hold our lines, those of earlier installs among them."""
    paths = sorted({*map(str, with_lines_of_ours((*recorded_files(home), *files)))})
    text = "".join(f"{path}\n" for path in paths if "\n" not in path)
    if not is_as_wanted(home.start_up_files, text, 0o600):
        replace_file(home.start_up_files, os.fsencode(text))


def _wanting(home: Home, clis: tuple[str, ...]) -> Iterator[Path]:
    """What the home lacks or has in an older state."""
    config = load(home)
    if not is_current(home):
        yield home.hot
    yield from (home.plan(name) for name in planned(clis) if is_old_plan(home, config, name))
    yield from (path for path, text, mode in texts(home, config, clis) if not is_as_wanted(path, text, mode))


def _told(home: Home, path: Path) -> str:
    real = find_real(path.name) if path.parent == home.shims else None
    return f"wrote {path}" + (f" -> {real}" if real else "")
