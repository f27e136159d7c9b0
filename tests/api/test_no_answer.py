"""What gives no answer is an error: of the CLI, of the caller, or of a guard that could not guard."""

from __future__ import annotations

import pytest
from desk import DEMO, Desk

from guardrail_proxy import AIExecutionError, AIRequest, Config
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.store.database import DatabaseManager

pytestmark = pytest.mark.slow
KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"


def rows(query: str) -> list[dict[str, object]]:
    return DatabaseManager().query(query)


FAILING = {
    "exits": ("echo half; echo broken >&2; exit 7", {}, 7, "half\nbroken", "exited with status 7"),
    "dies": ("kill -9 $$", {}, None, "", "killed by signal 9"),
    "unreadable": ("echo not json", {"structured": True}, 0, "not json", "its structured output cannot be read"),
    "secret": (f"echo {KEY}; exit 1", {}, 1, "[redacted:aws-access-key]", "exited with status 1"),
    "too slow": ("echo wait; sleep 600", {}, None, "wait", "no answer within 1 s"),
}


@pytest.mark.parametrize("name", FAILING)
def test_no_answer_is_an_error_with_the_end_of_the_output(name: str, desk: Desk) -> None:
    script, more, code, tail, said = FAILING[name]
    desk.program("gemini", script)
    config = Config.model_validate({"tools": {"gemini": {"timeout_seconds": 1}}})
    with pytest.raises(AIExecutionError) as caught:
        desk.ask(AIRequest("gemini", "Hello", structured=bool(more)), config)
    error = caught.value
    assert (error.tool, error.exit_code, error.output_tail) == ("gemini", code, tail)
    assert said in str(error)
    assert [str(row["session_id"]) for row in rows("SELECT session_id FROM sessions")] == [error.session_id]


def test_a_program_that_cannot_be_started_is_an_error_and_its_session_is_closed(desk: Desk) -> None:
    desk.program("gemini", "")
    (desk.programs / "gemini").write_text("#!/nonexistent\n")
    with pytest.raises(AIExecutionError, match="cannot be started"):
        desk.ask(AIRequest("gemini", "Hello"))
    assert list(desk.home.sessions.iterdir()) == []


def test_a_missing_cli_is_an_error(desk: Desk) -> None:
    with pytest.raises(AIExecutionError, match="claude: not found on PATH"):
        desk.ask(AIRequest("claude", "Hello"))


@pytest.mark.parametrize("where", ["config", "home"])
def test_a_disabled_cli_is_an_error(where: str, desk: Desk) -> None:
    config = Config()
    if where == "config":
        config = Config.model_validate({"tools": {DEMO: {"enabled": False}}})
    else:
        desk.home.root.mkdir(parents=True)
        desk.home.config.write_text(f"[tools.{DEMO}]\nenabled = false\n")
    with pytest.raises(AIExecutionError, match="disabled"):
        desk.ask(desk.demo(), config)


def test_strict_refuses_what_it_cannot_guard(desk: Desk) -> None:
    desk.program("gemini", "echo hello")
    with pytest.raises(AIExecutionError, match="not hooked yet") as caught:
        desk.ask(AIRequest("gemini", "Hello", mode="strict"))
    assert caught.value.exit_code == 78


def test_strict_refuses_an_argument_that_puts_the_hooks_to_sleep(desk: Desk) -> None:
    with pytest.raises(AIExecutionError, match="'--bare' switches the guard's hooks off"):
        desk.ask(AIRequest(DEMO, "Hello", mode="strict", args=("--bare",)))


def test_strict_refuses_an_argument_that_would_replace_the_hooks_and_leaves_no_session(desk: Desk) -> None:
    with pytest.raises(AIExecutionError, match="an argument of yours would replace the guard's own") as caught:
        desk.ask(AIRequest(DEMO, "Hello", mode="strict", args=("--hooks", "mine.json")))
    assert (caught.value.exit_code, list(desk.home.sessions.iterdir())) == (78, [])


def test_arguments_that_ask_for_no_answer_are_an_error(desk: Desk) -> None:
    desk.program("gemini", "echo 1.0")
    with pytest.raises(AIExecutionError, match="asked for no answer"):
        desk.ask(AIRequest("gemini", "Hello", args=("--version",)))


def test_an_unknown_agent_is_an_error_of_the_caller(desk: Desk) -> None:
    with pytest.raises(ConfigError, match="one of reviewer, security"):
        desk.ask(desk.demo(agent="nobody"))


def test_an_agent_of_another_cli_is_an_error_of_the_caller(desk: Desk) -> None:
    desk.home.agents.mkdir(parents=True)
    (desk.home.agents / "mine.md").write_text('+++\ntitle = "Mine"\ncli = "claude"\n+++\nBe mine.\n')
    with pytest.raises(ConfigError, match=f"'mine' is played by claude, not by {DEMO}"):
        desk.ask(desk.demo(agent="mine"))
