"""The shim against a fidelity harness from outside this repository, where one is named: none of its cases may fail.

``GUARDRAIL_FIDELITY=PATH/fidelity.py`` names a program that is called as ``fidelity.py --shim DIR --cli claude`` and
ends with 0 when the wrapped child saw and did all that the bare one does. The relay's own tests are in ``tests/relay``.
"""

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import User

HARNESS = os.environ.get("GUARDRAIL_FIDELITY", "")


@pytest.mark.slow
@pytest.mark.skipif(not HARNESS, reason="GUARDRAIL_FIDELITY names no fidelity harness: its cases were NOT run")
def test_no_case_is_less_than_bare(user: "User") -> None:
    assert user.run("install", "claude").returncode == 0
    (user.guard / "config.toml").write_text("[tools.claude]\ninject = false\n")
    assert user.run("install", "claude").returncode == 0
    words = [sys.executable, HARNESS, "--shim", str(user.guard / "shims"), "--cli", "claude", "--retries", "1"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, "\n".join(line for line in done.stdout.splitlines() if not line.startswith("PASS"))
