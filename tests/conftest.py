"""What all tests share: no test sees the developer's own guardrail home or mode."""

import os

import pytest

OURS = ("GUARDRAIL_HOME", "GUARDRAIL_MODE", "GUARDRAIL_BYPASS", "GUARDRAIL_SESSION")


@pytest.fixture(autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GUARDRAIL_HOME", str(tmp_path_factory.mktemp("guardrail") / "home"))
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("user")))
    os.umask(0o022)
