"""The strictest word wins; a looser one counts only where the configuration allows it, never below a session."""

import os
import time
from pathlib import Path

import pytest

from guardrail_proxy.context.mode import choose_mode
from guardrail_proxy.plan import MAGIC, parse_plan


def choose(
    tmp_path: Path, shim: str = "standard", plan: str = "", env: dict[str, str] | None = None
) -> tuple[str, bool]:
    words = b"\n".join((MAGIC, *plan.encode().split(b",")))
    environment = {os.fsencode(name): os.fsencode(value) for name, value in (env or {}).items()}
    home, cwd = os.fsencode(tmp_path / "home"), os.fsencode(tmp_path / "repository/below")
    choice = choose_mode(parse_plan(words, b"p"), shim.encode(), home, environment, cwd)
    return choice.mode.decode(), choice.is_bypassed


@pytest.fixture
def parent(tmp_path: Path) -> str:
    (tmp_path / "parent").mkdir()
    (tmp_path / "parent/start.json").write_text('{"mode": "strict", "depth": 0}')
    return str(tmp_path / "parent")


STRICT, STANDARD, BYPASSED = ("strict", False), ("standard", False), ("standard", True)


@pytest.mark.parametrize(
    ("shim", "plan", "env", "expected"),
    [
        ("standard", "", {}, STANDARD),
        ("strict", "", {}, STRICT),
        ("standard", "mode strict", {}, STRICT),
        ("standard", "", {"GUARDRAIL_MODE": "strict"}, STRICT),
        ("strict", "bypass no", {"GUARDRAIL_MODE": "standard"}, STRICT),
        ("strict", "bypass yes", {"GUARDRAIL_MODE": "standard"}, STANDARD),
        ("standard", "bypass yes", {"GUARDRAIL_BYPASS": "1"}, BYPASSED),
        ("standard", "bypass no", {"GUARDRAIL_BYPASS": "1"}, STANDARD),
        ("standard", "", {"GUARDRAIL_BYPASS": "1"}, STANDARD),
        ("standard", "bypass yes", {"GUARDRAIL_BYPASS": "0"}, STANDARD),
        ("standard", "bypass yes", {"GUARDRAIL_BYPASS": "1", "GUARDRAIL_MODE": "strict"}, STRICT),
        ("standard", "bypass yes", {"GUARDRAIL_BYPASS": "1", "GUARDRAIL_SESSION": "/nowhere"}, STANDARD),
    ],
)
def test_who_decides(tmp_path: Path, shim: str, plan: str, env: dict[str, str], expected: tuple[str, bool]) -> None:
    assert choose(tmp_path, shim, plan, env) == expected


def test_below_a_strict_session_nothing_loosens(tmp_path: Path, parent: str) -> None:
    env = {"GUARDRAIL_SESSION": parent, "GUARDRAIL_MODE": "standard", "GUARDRAIL_BYPASS": "1"}
    assert choose(tmp_path, plan="bypass yes", env=env) == STRICT


@pytest.mark.parametrize(("text", "expected"), [("mode = 'strict' # us\r", STRICT), ("#mode = 'strict'", STANDARD)])
def test_a_repository_can_only_tighten(tmp_path: Path, text: str, expected: tuple[str, bool]) -> None:
    (tmp_path / "repository/.git").mkdir(parents=True)
    (tmp_path / "repository/.guardrail-proxy").mkdir()
    (tmp_path / "repository/.guardrail-proxy/config.toml").write_text(text)
    assert choose(tmp_path, plan="bypass yes", env={"GUARDRAIL_MODE": "standard"}) == expected


@pytest.mark.parametrize(("ahead_s", "expected"), [(60, BYPASSED), (-60, STANDARD)])
def test_a_pause_holds_until_its_time(tmp_path: Path, ahead_s: int, expected: tuple[str, bool]) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/paused-until").write_text(f"{time.time() + ahead_s:.3f}\n")
    assert choose(tmp_path, plan="bypass yes") == expected
    assert choose(tmp_path, plan="bypass no") == STANDARD
