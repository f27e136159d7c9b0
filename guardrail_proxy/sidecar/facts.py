"""WARM. Facts of the start and the end: the repository, and hashes of the guard's own files."""

import hashlib
import os
from pathlib import Path

from guardrail_proxy.home import Home

GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.untrackedCache=false")
GIT_ENV = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
FILTERS = r"^filter\..*\.(clean|smudge|process|required)$"
"""Nothing of the repository is executed: no monitor, hook, filter or fetch that its configuration names."""
GIT_S = 2.0
CHANGES_MOST = 1000


def git(cwd: str, *words: str) -> str:
    """What git says; '' when it says nothing, fails or takes too long."""
    return _asked(cwd, words, git_env()) or ""


def git_on_files(root: str, *words: str) -> str | None:
    """As ``git``, for what reads files of the working tree: their filters are off. None when git fails."""
    names = git(root, "config", "-z", "--name-only", "--get-regexp", FILTERS).split("\0")
    return _asked(root, words, without(sorted({*names} - {""}), git_env()))


def git_env() -> dict[str, str]:
    """The user's environment, with git looked for in absolute folders only: others lie in the repository."""
    folders = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if os.path.isabs(folder)]
    return {**os.environ, **GIT_ENV, "PATH": os.pathsep.join(folders) or os.defpath}


def without(settings: list[str], env: dict[str, str]) -> dict[str, str]:
    """The environment with these settings of git empty; ``-c`` cannot carry every name."""
    given = env.get("GIT_CONFIG_COUNT", "")
    first = int(given) if given.isdecimal() else 0
    more = {f"GIT_CONFIG_KEY_{number}": name for number, name in enumerate(settings, first)}
    empty = {f"GIT_CONFIG_VALUE_{number}": "" for number, _ in enumerate(settings, first)}
    return {**env, **more, **empty, "GIT_CONFIG_COUNT": str(first + len(settings))}


def _asked(cwd: str, words: tuple[str, ...], env: dict[str, str]) -> str | None:
    import subprocess  # noqa: PLC0415 # most folders are no repository

    try:
        done = subprocess.run(
            [*GIT, *words], cwd=cwd, env=env, capture_output=True, timeout=GIT_S, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    return done.stdout.decode("utf-8", "replace") if not done.returncode else None


def facts_of_the_start(cwd: str, home: str, cli: str) -> dict[str, object]:
    """What must be looked at before the CLI changes it: the repository, the guard's own files."""
    return {**repository(cwd), "hashes": guard_hashes(Home(Path(home)), cli)}


def repository(cwd: str) -> dict[str, object]:
    """repo, branch, head_before and the state of the working tree; {} outside a repository."""
    if not may_be_in_one(cwd):
        return {}
    said = git(cwd, "rev-parse", "--show-toplevel", "HEAD", "--abbrev-ref", "HEAD").removesuffix("\n")
    root, *rest = said.rsplit("\n", 2) if said else (git(cwd, "rev-parse", "--show-toplevel").removesuffix("\n"),)
    if not root:
        return {}
    commit, branch = rest or (None, None)  # where nothing is committed yet
    return {"repo": root, "branch": branch, "head_before": commit, "dirty_before": tree_state(root)}


def may_be_in_one(cwd: str) -> bool:
    """Whether git could find a repository from there: asking it costs more than looking for ``.git``."""
    above = (Path(cwd), *Path(cwd).parents)
    return "GIT_DIR" in os.environ or any(os.path.lexists(folder / ".git") for folder in above)


def head(cwd: str) -> str | None:
    """The commit that is checked out."""
    return git(cwd, "rev-parse", "--verify", "-q", "HEAD").strip() or None


def tree_state(root: str) -> dict[str, str] | None:
    """Path -> status, size and time of every changed or untracked file, bounded; None when git did not answer.

    A submodule's own files are not looked at: git would run in there, by the submodule's configuration.
    """
    words = ("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=dirty")
    said = git_on_files(root, *words)
    if said is None:
        return None
    found: dict[str, str] = {}
    for entry in said.split("\0"):
        if len(entry) > 3 and len(found) < CHANGES_MOST:
            found[entry[3:]] = f"{entry[:2]} {_stamp(os.path.join(root, entry[3:]))}"
    return found


def _stamp(path: str) -> str:
    try:
        found = os.lstat(path)
    except OSError:
        return "gone"
    return f"{found.st_size} {found.st_mtime_ns}"


def guard_hashes(home: Home, cli: str) -> dict[str, str]:
    """Path below the home -> sha256 of every file that the guard stands on."""
    files = [home.shims / cli, home.wrapper, home.plan(cli), home.config, home.hook]
    files += [p for folder in (home.plans / cli, home.hot) for p in sorted(folder.rglob("*")) if p.suffix != ".pyc"]
    return {str(p.relative_to(home.root)): found for p in files if (found := _sha256(p))}


def _sha256(path: Path) -> str:
    """'' when there is no such file."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError:
        return "unreadable"
