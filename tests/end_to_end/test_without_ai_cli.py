"""The demo CLI in the place of a real one: the whole path on a machine without any AI CLI, and with our side broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from conftest import Installer
from guard import Guard

pytestmark = pytest.mark.slow
DEMO = "guardrail-demo-ai"
REAL = Path(sys.executable).parent


def ask(guard: Guard, *words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """One question to the demo CLI through its shim, no terminal."""
    return subprocess.run(
        ["/usr/bin/env", DEMO, *words],
        cwd=guard.stage.project,
        env={**demo_environment(guard), **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def demo_environment(guard: Guard) -> dict[str, str]:
    """Shims, then the folder with the real demo CLI, then the system."""
    path = os.pathsep.join([str(guard.shims), str(REAL), "/usr/bin", "/bin"])
    return {"HOME": str(guard.stage.home), "PATH": path, "LANG": "C.UTF-8", "TERM": "xterm-256color"}


def on_terminal(guard: Guard, *words: str) -> tuple[int, str]:
    """The same on a terminal; status and what was shown."""
    child = pexpect.spawn(
        "/usr/bin/env", [DEMO, *words], cwd=str(guard.stage.project), env=demo_environment(guard), timeout=60
    )
    shown = child.read().decode(errors="replace")
    child.close()
    return child.exitstatus if child.exitstatus is not None else -(child.signalstatus or 0), shown


def test_the_demo_session_is_a_row_with_its_planted_violation(installed: Installer) -> None:
    guard = installed(DEMO)
    done = ask(guard, "-p", "--scenario", "secret", "Hello")
    assert done.returncode == 0
    row = guard.session()
    assert (row["tool"], row["decision"], row["evidence"]) == (DEMO, "approved", "native")
    assert {str(r["rule_id"]) for r in guard.sql("SELECT rule_id FROM violations")} >= {"secrets/aws-access-key"}


def test_strict_withholds_the_planted_secret(installed: Installer) -> None:
    guard = installed(DEMO, mode="strict")
    done = ask(guard, "-p", "--scenario", "secret", "Hello")
    assert (done.returncode, done.stdout) == (77, "")
    assert "secrets/aws-access-key" in done.stderr


def test_strict_withholds_the_demos_lie_about_its_tests(installed: Installer) -> None:
    guard = installed(DEMO, mode="strict")
    done = ask(guard, "-p", "--scenario", "false-claim", "Hello")
    assert (done.returncode, done.stdout) == (77, "")
    assert "honesty/false-success-claim" in done.stderr


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "pipe"])
@pytest.mark.parametrize("mode", ["standard", "strict"])
def test_with_only_the_shims_left_standard_runs_the_cli_and_strict_refuses(
    mode: str, terminal: bool, installed: Installer
) -> None:
    guard = installed(DEMO, mode=mode)
    for item in guard.home.iterdir():
        if item.name != "shims":
            shutil.rmtree(item) if item.is_dir() and not item.is_symlink() else item.unlink()
    words = ("-p", "--scenario", "text", "Hello")
    if terminal:
        status, shown = on_terminal(guard, *words)
    else:
        done = ask(guard, *words)
        status, shown = done.returncode, done.stdout + done.stderr
    assert shown.count("guardrail-proxy:") == 1, shown
    assert status == (0 if mode == "standard" else 78), shown
    assert len(shown) > (200 if mode == "standard" else 0)
    assert "Traceback" not in shown


@pytest.mark.skipif(
    os.getuid() == 0 and shutil.which("setpriv") is None, reason="root writes everywhere; setpriv is missing"
)
@pytest.mark.parametrize("mode", ["standard", "strict"])
def test_with_a_home_nobody_can_write_standard_runs_the_cli_and_strict_refuses(mode: str, installed: Installer) -> None:
    guard = installed(DEMO, mode=mode)
    shutil.rmtree(guard.home / "sessions", ignore_errors=True)
    (guard.home / "sessions").write_text("in the way")
    done = ask(guard, "-p", "--scenario", "text", "Hello")
    assert done.returncode == (0 if mode == "standard" else 78), done.stderr
    assert done.stderr.count("guardrail-proxy:") == 1


def test_the_environment_may_tighten_and_is_not_passed_on(installed: Installer) -> None:
    guard = installed(DEMO)
    done = ask(guard, "-p", "--scenario", "secret", "Hello", env={"GUARDRAIL_MODE": "strict"})
    assert done.returncode == 77
    assert guard.session()["mode"] == "strict"


def test_the_environment_may_not_loosen_strict(installed: Installer) -> None:
    guard = installed(DEMO, mode="strict")
    loose = {"GUARDRAIL_MODE": "standard", "GUARDRAIL_BYPASS": "1"}
    assert ask(guard, "-p", "--scenario", "secret", "Hello", env=loose).returncode == 77


def test_a_bypass_in_standard_is_recorded_as_one(installed: Installer) -> None:
    guard = installed(DEMO)
    assert ask(guard, "-p", "--scenario", "text", "Hello", env={"GUARDRAIL_BYPASS": "1"}).returncode == 0
    row = guard.session()
    assert (row["bypassed"], row["decision"]) == (True, "unjudged")


def test_a_repository_can_make_its_sessions_strict(installed: Installer) -> None:
    guard = installed(DEMO)
    (guard.stage.project / ".guardrail-proxy").mkdir()
    (guard.stage.project / ".guardrail-proxy/config.toml").write_text('mode = "strict"\n')
    assert ask(guard, "-p", "--scenario", "secret", "Hello").returncode == 77


def test_housekeeping_leaves_no_trace(installed: Installer) -> None:
    guard = installed(DEMO)
    assert ask(guard, "--version").returncode == 0
    assert guard.sql("SELECT count(*) AS n FROM sessions") == [{"n": 0}]
