"""COLD. The copy of the HOT modules that shims import: a new folder each time, then one symlink switched.

A shim that starts meanwhile sees the old copy or the new one, never half of each.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import cache_from_source
from pathlib import Path

from guardrail_proxy.config.replace_file import private_folder, replace_file
from guardrail_proxy.discover import PACKAGE
from guardrail_proxy.home import Home
from guardrail_proxy.install.templates import template

HOT = (
    "__init__.py",
    "bundle.py",
    "shim.py",
    "guard.py",
    "wrapper.py",
    "plan.py",
    "hook.py",
    "context/*.py",
    "run/*.py",
)
SHIM = "shim.template"
"""What a shim does is in the bundle too, compiled."""
INTERPRETERS = (sys.executable, "/usr/bin/python3")
COMPILE_TIMEOUT_S = 60
KEPT = 2
"""Copies that stay: the one in use, and the one that running sessions may have begun with."""


def hot_files() -> dict[str, bytes]:
    """Relative path -> content: the source of every HOT module of this package, and the shim's template."""
    paths = sorted({path for pattern in HOT for path in PACKAGE.glob(pattern)})
    modules = {f"{PACKAGE.name}/{path.relative_to(PACKAGE).as_posix()}": path.read_bytes() for path in paths}
    return {SHIM: template(SHIM).encode("ascii"), **modules}


def copy_hot(home: Home) -> bool:
    """Bring the home's copy up to date, compiled; False when it was."""
    files = hot_files()
    target = _target(home, files)
    if is_current(home):
        return False
    _build(target, files, home.hot)
    _switch(home.hot, target)
    _forget_older(home, target)
    return True


def is_current(home: Home) -> bool:
    """Whether the home's copy is up to date."""
    files = hot_files()
    target = _target(home, files)
    return _in_use(home, target) and _is_whole(target, files)


def _target(home: Home, files: dict[str, bytes]) -> Path:
    return home.root / f".hot-{_digest(files)}"


def _digest(files: dict[str, bytes]) -> str:
    content = hashlib.sha256()
    for name, data in files.items():
        content.update(f"{name}\0{len(data)}\0".encode() + data)
    return content.hexdigest()[:16]


def _in_use(home: Home, target: Path) -> bool:
    return home.hot.is_symlink() and os.readlink(home.hot) == target.name


def _is_whole(target: Path, files: dict[str, bytes]) -> bool:
    try:
        same = all((target / name).read_bytes() == data for name, data in files.items())
    except OSError:
        return False
    compiled = Path(cache_from_source(str(target / PACKAGE.name / "shim.py")))
    return same and compiled.exists() and any(target.glob("*.bundle"))


def _build(target: Path, files: dict[str, bytes], shown: Path) -> None:
    making = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    for name, data in files.items():
        private_folder((making / name).parent)
        replace_file(making / name, data)
    private_folder(making)
    _compile(making, shown)
    with contextlib.suppress(FileNotFoundError):
        target.rename(making.with_suffix(".old"))
    making.rename(target)
    shutil.rmtree(making.with_suffix(".old"), ignore_errors=True)


def _compile(folder: Path, shown: Path) -> None:
    """Bytecode for each interpreter that a shim may find; without it a start is slower, nothing more."""
    for python in INTERPRETERS:
        if os.access(python, os.X_OK):
            _run(python, "-m", "compileall", "-q", "-s", str(folder), "-p", str(shown), str(folder))
            _run(python, "-S", str(PACKAGE / "install/make_bundle.py"), str(folder), str(shown))


def _run(python: str, *words: str) -> None:
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run([python, "-I", *words], capture_output=True, timeout=COMPILE_TIMEOUT_S, check=False, umask=0o077)


def _switch(link: Path, target: Path) -> None:
    new = link.with_name(f".{link.name}.{os.getpid()}.link")
    with contextlib.suppress(FileNotFoundError):
        new.unlink()
    new.symlink_to(target.name)
    if link.is_dir() and not link.is_symlink():
        shutil.rmtree(link)
    new.replace(link)


def _forget_older(home: Home, target: Path) -> None:
    copies = sorted((p for p in home.root.glob(".hot-*") if p != target), key=lambda p: p.stat().st_mtime, reverse=True)
    for copy in copies[KEPT - 1 :]:
        shutil.rmtree(copy, ignore_errors=True)
