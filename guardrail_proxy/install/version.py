"""COLD. A real CLI's version: from its package where it has one, else asked, once for each state of its file."""

import json
import os
import re
import subprocess
from pathlib import Path

from guardrail_proxy.cli import Cli
from guardrail_proxy.config.replace_file import private_folder, replace_file
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home

TIMEOUT_S = 15
NUMBER = re.compile(r"\d{1,6}\.\d{1,6}[\w.+-]{0,40}")
OURS = ("GUARDRAIL_HOME", "GUARDRAIL_MODE", "GUARDRAIL_BYPASS")


def version(home: Home, cli: Cli, real: Path) -> str:
    """The version; "" when the CLI prints none in time."""
    packaged = version_of_package(real, cli.package)
    if packaged:
        return packaged
    stat = real.stat()
    key = f"{os.path.realpath(real)}\0{stat.st_mtime_ns}\0{stat.st_size}"
    cache = home.data / "versions.json"
    known = _read(cache)
    if key not in known:
        known[key] = _ask(cli, real)
        if home.root.exists():  # asking what is guarded makes no home
            private_folder(cache.parent)
            replace_file(cache, json.dumps(known, indent=1).encode())
    return known[key]


def version_of_package(real: Path, package: str) -> str:
    """The version in the npm package around a program: running a CLI only to ask it may unpack or update it."""
    for folder in Path(os.path.realpath(real)).parents[:5]:
        try:
            known = json.loads((folder / "package.json").read_text())
        except (OSError, ValueError):
            continue
        if isinstance(known, dict) and known.get("name") == package:
            return one_line(str(known.get("version", "")), 40)
    return ""


def _ask(cli: Cli, real: Path) -> str:
    env = {name: value for name, value in os.environ.items() if name not in OURS}
    try:
        done = subprocess.run(
            [str(real), *cli.version_args],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT_S,
            env=env,
            start_new_session=True,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = NUMBER.search(done.stdout or done.stderr)
    return one_line(found[0], 40) if found else ""


def _read(cache: Path) -> dict[str, str]:
    try:
        known = json.loads(cache.read_text())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in known.items()} if isinstance(known, dict) else {}
