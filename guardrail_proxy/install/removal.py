"""COLD. What ``uninstall`` does: everything that install made, taken back; needs nothing but files to be there."""

import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

from guardrail_proxy.home import Home
from guardrail_proxy.install.demo.session import FOLDER as DEMO_SESSIONS
from guardrail_proxy.install.shell_changes import apply, removals
from guardrail_proxy.install.start_up import SHELLS, recorded_files, start_up_files
from guardrail_proxy.store.settle import settle
from guardrail_proxy.workers._host import daemon_pid, wait_for_end
from guardrail_proxy.workers._record import nothing_due
from guardrail_proxy.workers._service import is_service_of, service_path, uninstall_service

MADE = (
    *("shims", "bin", "plans", "hot", ".hot-*", "hook", "env.sh", "env.fish", "start-up-files", "spare"),
    *("paused-until", "canary-*", "data/versions.json"),
    *("env", "env-*"),  # our own interpreter
)
"""What uninstall removes from the home."""
RECORDED = (
    *("sessions", "spool", "outputs", "db", "sessions.duckdb", "logs", "data", "config.toml", "*.lock"),
    "AI_Failure_Modes.md",
)
"""What only ``--purge`` removes. Nothing else in the home is touched: it may not be ours."""
FOLDERS_MADE = "env/made-folders"
"""Folders that install.sh made outside the home, one a line, deepest first."""


def uninstall(home: Home, *, purge: bool) -> Iterator[str]:
    """Take everything back, sessions only with ``purge``; yields one line a change."""
    yield from _end_daemon(home)
    files = (*start_up_files(home, SHELLS, Path.home(), os.environ), *recorded_files(home))
    for change in removals(tuple({file.path: file for file in files}.values())):
        apply(change)
        yield change.says
    settle(home)
    with nothing_due(home):  # what works after a session would make its files again
        yield from _remove_all(home, purge=purge)


def _remove_all(home: Home, *, purge: bool) -> Iterator[str]:
    outside = [*_own_links(home), *_own_folders(home)]
    for pattern in (*MADE, *(RECORDED if purge else ())):
        yield from (f"removed {path}" for path in sorted(home.root.glob(pattern)) if _remove(path))
    if purge and _remove(demo := Path.home() / DEMO_SESSIONS):
        yield f"removed {demo}"
    yield from (f"removed {path}" for path in outside if _remove_empty(path))
    for name in (*RECORDED, ""):
        _remove_empty(home.root / name)


def _end_daemon(home: Home) -> Iterator[str]:
    """The service of this home, and a daemon that was started by hand."""
    service = service_path()
    if is_service_of(home, service):
        uninstall_service()
        yield f"removed {service}"
    pid = daemon_pid(home)
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        wait_for_end(home)
        yield f"ended the daemon, pid {pid}"


def _own_links(home: Home) -> list[Path]:
    """The links that install.sh made: they point into our own environment."""
    folder = Path.home() / ".local/bin"
    links = [folder / name for name in ("guardrail-proxy", "guardrail-demo-ai")]
    return [link for link in links if link.is_symlink() and os.readlink(link).startswith(f"{home.root}/env/")]


def _own_folders(home: Home) -> list[Path]:
    try:
        lines = (home.root / FOLDERS_MADE).read_text().splitlines()
    except OSError:
        return []
    return [Path(line) for line in lines if line]


def _remove_empty(path: Path) -> bool:
    """Remove a link, or a folder that holds nothing."""
    with contextlib.suppress(OSError):
        path.unlink() if path.is_symlink() else path.rmdir()
        return True
    return False


def _remove(path: Path) -> bool:
    if path.is_symlink() or path.is_file():
        path.unlink()
        return True
    if path.is_dir():
        shutil.rmtree(path)
        return True
    return False
