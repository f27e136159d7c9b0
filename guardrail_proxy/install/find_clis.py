"""COLD. Which AI CLIs are on PATH, behind our shims."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from guardrail_proxy.cli import Cli
from guardrail_proxy.discover import members
from guardrail_proxy.home import Home

MARK = b"guardrail-proxy shim"
"""What every shim has in its first 4096 bytes; nothing that has it is a real CLI."""


def known_clis() -> dict[str, Cli]:
    """Name -> what is known, for every module of ``clis/``."""
    clis = [module.CLI for module in members("clis").values()]
    return {cli.name: cli for cli in clis}


def is_shim(path: Path) -> bool:
    """Whether a file is one of our shims (of any home)."""
    try:
        with path.open("rb") as file:
            return MARK in file.read(4096)
    except OSError:
        return False


def on_path(name: str, path: str | None = None) -> Iterator[Path]:
    """Every executable of that name in the order of PATH, our shims included."""
    for folder in (os.environ.get("PATH", os.defpath) if path is None else path).split(os.pathsep):
        file = Path(folder or ".").absolute() / name
        if file.is_file() and os.access(file, os.X_OK):
            yield file


def find_real(name: str, path: str | None = None) -> Path | None:
    """The real CLI: the first on PATH that is no shim, else where its own installer puts it; our demo CLI is ours."""
    own = Path(sys.executable).parent / name
    beside = [own] if name == "guardrail-demo-ai" and own.is_file() else []
    found = [*on_path(name, path), *beside, *_below_user(_known(name).places)]
    return next((file for file in found if not is_shim(file)), None)


def bundled(name: str) -> tuple[Path, ...]:
    """The copies of a CLI that editors bring."""
    return tuple(_below_user(_known(name).bundles))


def find_known(name: str) -> Path | None:
    """The real CLI, or the newest copy that an editor brings."""
    copies = sorted(bundled(name), key=lambda file: file.stat().st_mtime)
    return find_real(name) or (copies[-1] if copies else None)


def bundled_clis() -> tuple[str, ...]:
    """The names of all known CLIs that an editor brings a copy of, sorted."""
    return tuple(name for name in sorted(known_clis()) if bundled(name))


def _known(name: str) -> Cli:
    return known_clis().get(name) or Cli(name, "", "", (name,))


def _below_user(patterns: tuple[str, ...]) -> Iterator[Path]:
    with contextlib.suppress(OSError, RuntimeError):  # no HOME, or one that cannot be read
        for pattern in patterns:
            yield from (file for file in sorted(Path.home().glob(pattern)) if os.access(file, os.X_OK))


def present_clis() -> tuple[str, ...]:
    """The names of all known CLIs whose real program is found, sorted."""
    return tuple(name for name in sorted(known_clis()) if find_real(name))


def shimmed_clis(home: Home) -> tuple[str, ...]:
    """The names of the shims in a home, sorted."""
    if not home.shims.is_dir():
        return ()
    return tuple(sorted(file.name for file in home.shims.iterdir() if is_shim(file)))
