"""Which sidecars give way once their CLI has ended: those for whose findings nobody waits."""

import json
from pathlib import Path

import pytest

from guardrail_proxy.sidecar.__main__ import is_awaited


@pytest.mark.parametrize(
    ("start", "awaited"),
    [
        (json.dumps({"mode": "standard"}), False),
        (json.dumps({"mode": "standard", "origin": "api"}), True),
        (json.dumps({"mode": "strict"}), True),
        ("{}", True),
        ("[]", True),
        ("", True),
        (None, True),
    ],
)
def test_strict_and_the_python_api_wait(
    start: str | None, awaited: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    if start is not None:
        (tmp_path / "start.json").write_text(start)
    assert is_awaited() is awaited
