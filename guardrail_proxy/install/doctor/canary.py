"""COLD. A session through each shim, really run: what it proved, and what it did not."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pexpect

from guardrail_proxy.config import Config
from guardrail_proxy.escape import one_line
from guardrail_proxy.home import Home
from guardrail_proxy.install.doctor.check import Found
from guardrail_proxy.install.find_clis import find_real, known_clis

DEMO = "guardrail-demo-ai"
TIMEOUT_S = 60
BROKEN = "run guardrail-proxy install; if it stays so, report it"


def check_canaries(home: Home, config: Config, clis: tuple[str, ...]) -> Iterator[Found]:
    """Strict must deny the demo CLI's dangerous call; every other CLI must start through its shim."""
    for cli in clis:
        if not config.tool(cli).enabled or find_real(cli) is None:
            continue
        yield (_denied_call(home) if cli == DEMO else _version_through_shim(home, cli))
    yield _gate_without_session(home)


def _denied_call(home: Home) -> Found:
    """On a terminal, in strict: the demo CLI proposes `rm -rf ~`, which it never runs; the gate must say no."""
    words = ["-p", "--scenario", "denied", "a canary of guardrail-proxy doctor"]
    status, shown = on_terminal(home.shims / DEMO, words, {"GUARDRAIL_MODE": "strict"})
    if "denied: " in shown:
        return Found(f"{DEMO}: in strict, on a terminal, a dangerous call was denied before it ran (status {status})")
    last = one_line(shown.strip().rpartition("\n")[2], 160)
    return Found(f"{DEMO}: in strict a dangerous call was NOT denied (status {status}): {last}", BROKEN)


def on_terminal(program: Path, words: list[str], env: dict[str, str]) -> tuple[int, str]:
    """Status and what a terminal showed, in an empty folder."""
    with tempfile.TemporaryDirectory(prefix="guardrail-canary-") as folder:
        child = pexpect.spawn(
            str(program), words, env={**_environment(), **env}, cwd=folder, timeout=TIMEOUT_S, encoding="utf-8",
            codec_errors="replace",
        )  # fmt: skip
        try:
            shown = str(child.read())
        except pexpect.TIMEOUT:
            shown = f"no end within {TIMEOUT_S} s"
        child.close(force=True)
    return child.exitstatus if child.exitstatus is not None else -(child.signalstatus or 0), shown


def _version_through_shim(home: Home, cli: str) -> Found:
    words = known_clis()[cli].version_args
    try:
        done = subprocess.run(
            [str(home.shims / cli), *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT_S,
            env=_environment(),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Found(f"{cli}: does not start through its shim ({error})", BROKEN)
    said = one_line(done.stdout.strip() or done.stderr.strip(), 80)
    if done.returncode:
        return Found(f"{cli}: {' '.join(words)} through the shim ended with {done.returncode}: {said}", BROKEN)
    return Found(f"{cli}: starts through its shim ({said}); a session with a model was not tried")


def _gate_without_session(home: Home) -> Found:
    """The hook that CLIs call must be executable and, in strict, say no when nobody answers it."""
    payload = json.dumps({"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": "true"}})
    try:
        done = subprocess.run(
            [str(home.hook), "strict", "canary"],
            input=payload,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            env=_environment(),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Found(f"{home.hook} does not run ({error}): strict would deny every call", BROKEN)
    if done.returncode == 2:
        return Found("hook: in strict it denies when no session answers")
    return Found(f"hook: in strict it let a call pass that nobody answered (status {done.returncode})", BROKEN)


def _environment() -> dict[str, str]:
    """The caller's, without what would change the canary."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GUARDRAIL_")}
