"""COLD. Whether the home holds what shims need, and can be written."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from guardrail_proxy.config import Config
from guardrail_proxy.home import Home
from guardrail_proxy.install.doctor.check import Found
from guardrail_proxy.install.sync import shim_text
from guardrail_proxy.plan import is_stale, read_plan

AGAIN = "run guardrail-proxy install"


def check_home(home: Home, config: Config, clis: tuple[str, ...]) -> Iterator[Found]:
    """A file can be written, and nobody else can read."""
    del config, clis
    try:
        with tempfile.TemporaryFile(dir=home.root):
            pass
    except OSError as error:
        yield Found(f"{home.root} cannot be written ({error.strerror})", f"make it yours: chown -R $USER {home.root}")
        return
    if home.root.stat().st_mode & 0o077:
        yield Found(f"{home.root} can be entered by others", f"chmod 700 {home.root}")
    else:
        yield Found(f"{home.root} can be written, by you alone")


def check_interpreter(home: Home, config: Config, clis: tuple[str, ...]) -> Iterator[Found]:
    """The interpreter that the plans name still is there."""
    del config
    for cli in clis:
        python = _interpreter(home, cli)
        if python and not os.access(python, os.X_OK):
            yield Found(f"{cli}: its plan names the interpreter {python}, which is gone", f"{AGAIN} with the new one")
    if not (home.hot / "guardrail_proxy/shim.py").exists():
        yield Found(f"{home.hot} is incomplete", AGAIN)


def _interpreter(home: Home, cli: str) -> str:
    lines = home.plan(cli).read_bytes().split(b"\n") if home.plan(cli).exists() else []
    found = next((line for line in lines if line.startswith(b"interpreter ")), b"")
    return os.fsdecode(found.partition(b" ")[2])


def check_plans(home: Home, config: Config, clis: tuple[str, ...]) -> Iterator[Found]:
    """Each CLI's plan can be read and is up to date, and its shim is as we make it."""
    for cli in clis:
        try:
            plan = read_plan(os.fsencode(home.plan(cli)))
        except Exception as error:  # noqa: BLE001 # a plan that anyone may have edited: whatever is wrong is the answer
            yield Found(f"{cli}: plan cannot be used: {error}", AGAIN)
            continue
        if is_stale(plan):
            yield Found(f"{cli}: its plan is older than what it was made from", AGAIN)
        elif _differs(home.shims / cli, shim_text(home, config, cli)):
            yield Found(f"{home.shims / cli} is not as we made it", AGAIN)
        else:
            yield Found(f"{cli}: shim and plan are up to date")


def _differs(path: Path, text: str) -> bool:
    return path.read_bytes() != text.encode("utf-8", "surrogateescape")
