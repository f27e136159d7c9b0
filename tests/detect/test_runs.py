"""Which commands are checks, and whether they were green."""

import pytest

from guardrail_proxy.detect.runners import checks_of
from guardrail_proxy.detect.runs import runs_of
from guardrail_proxy.session import Event, Transcript

RUNS = [
    ("pytest -q", "3 passed in 0.1s", 0, "green"),
    ("python -m pytest", "1 failed, 2 passed", 1, "red"),
    ("python3 -m unittest -q", "FAILED (failures=1)", 1, "red"),
    ("cd app && npm test", "Tests: 4 passed, 4 total", 0, "green"),
    ("npm test || true", "npm ERR! Test failed", 0, "red"),
    ("pytest | tail -3", "", 0, "unknown"),
    ("pytest | tail -3", "2 failed, 1 passed", 0, "red"),
    ("go test ./...", "ok  \texample/a\t0.1s", 0, "green"),
    ("go test ./...", "--- FAIL: TestA\nFAIL", 1, "red"),
    ("cargo test", "test result: ok. 3 passed; 0 failed", 0, "green"),
    ("timeout 60 npx jest", "Tests:       1 failed, 3 passed, 4 total", 1, "red"),
    ("pytest", "collected 0 items", 5, "empty"),
    ("poetry run pytest tests", "", 0, "green"),
    ("FOO=1 make test", "make: *** [test] Error 1", 2, "red"),
    ("bash -lc 'cd app && FOO=1 pytest -q'", "", 1, "red"),
    ("bash -lc 'pytest | tail -1'", "", 0, "unknown"),
    ("set -o pipefail; pytest | tee log", "", 1, "red"),
    ("pytest && echo done", "", 0, "green"),
    ("pytest; true", "", 0, "unknown"),
    ("pytest; echo exit: $?", "exit: 1", 0, "red"),
    ("! pytest", "", 0, "unknown"),
    ("npm run test -- --x", "", 0, "green"),
    ("./gradlew test", "", 1, "red"),
    ("uv run pytest", "ValueError: logged\n3 passed", 0, "green"),
    ("python -m coverage run -m pytest", "", 1, "red"),
    ("docker compose run --rm app pytest", "2 passed", 0, "green"),
    ("./ci/check.sh", "a.py is not formatted", 1, "unknown"),
    ("pytest", "Command running in background with ID: b1", 0, "unknown"),
    ("npm test", "Tests: 1 failed, 3 passed, 4 total", 0, "red"),
]


@pytest.mark.parametrize(("command", "output", "status", "outcome"), RUNS)
def test_the_outcome_of_a_run(command: str, output: str, status: int, outcome: str) -> None:
    events = (
        Event("command", command, call_id="c"),
        Event("tool result", output, call_id="c", ok=status == 0, exit_code=status),
    )
    assert [run.outcome for run in runs_of(Transcript(events, "native"))] == [outcome]


@pytest.mark.parametrize(
    "line",
    [
        "ls tests/",
        "cat test_a.py",
        "git commit -m 'make tests pass'",
        "echo pytest",
        "pip install pytest",
        "npm install jest",
        "npm ci",
        "pytest --version",
        "cargo test --no-run",
        "rm -rf tests",
        "python a.py",
        "ruff format .",
    ],
)
def test_it_is_no_check(line: str) -> None:
    assert checks_of(line) == ()
