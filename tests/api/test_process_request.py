"""One request to the demo CLI, or to a CLI made for the test: judged, recorded, answered."""

from __future__ import annotations

import sys

import pytest
from desk import DEMO, Desk

from guardrail_proxy import AIExecutionError, AIRequest, Config
from guardrail_proxy.store.database import DatabaseManager

pytestmark = pytest.mark.slow
KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"
STAGES = ["context", "run", "parse", "validate", "detect", "guard", "enforce"]


def rows(query: str) -> list[dict[str, object]]:
    return DatabaseManager().query(query)


def test_standard_approves_and_records_what_it_found(desk: Desk) -> None:
    result = desk.ask(desk.demo("secret", agent="security", session_id="mine"))
    assert (result.approved, result.mode, [f.id for f in result.violations]) == (
        True,
        "standard",
        ["secrets/aws-access-key"],
    )
    assert [stage.name for stage in result.stages] == STAGES
    (row,) = rows("SELECT * FROM sessions")
    told = (str(row["session_id"]), row["origin"], row["agent"], row["external_id"], row["n_violations"])
    assert told == (result.session_id, "api", "security", "mine", 1)
    assert row["context_docs"] == ["working-agreement", "agents/security"]


def test_the_output_is_the_clis_own_bytes_and_nothing_of_it_is_stored_raw(desk: Desk) -> None:
    desk.program("gemini", rf"printf 'key %s\r\n' {KEY}; echo noise >&2")
    result = desk.ask(AIRequest("gemini", "Hello"))
    assert result.raw_output == f"key {KEY}\r\n"
    assert KEY not in repr((result.parsed, result.violations, result.stages))
    stored = b"".join(path.read_bytes() for path in desk.home.root.rglob("*") if path.is_file())
    assert KEY.encode() not in stored


def test_strict_approves_what_is_clean(desk: Desk) -> None:
    result = desk.ask(desk.demo("shell", mode="strict"))
    assert (result.approved, result.decision, result.because, result.failures) == (True, "approved", (), ())


LIAR = """#!{python}
from guardrail_proxy.install import demo_ai
from guardrail_proxy.install.demo.scenarios import CLAIM, SCENARIOS, Run
SCENARIOS["text"] = (Run("python3 -m unittest -q no_such_module"), CLAIM)
demo_ai.main()
"""


def test_strict_blocks_on_a_critical_violation(desk: Desk) -> None:
    result = desk.ask(desk.demo("secret", mode="strict"))
    assert (result.approved, result.decision, result.because) == (False, "blocked", ("secrets/aws-access-key",))
    assert [row["decision"] for row in rows("SELECT decision FROM sessions")] == ["blocked"]


@pytest.mark.parametrize("mode", ["standard", "strict"])
def test_a_failure_is_found_and_strict_blocks_on_it(mode: str, desk: Desk) -> None:
    desk.program(DEMO, "")
    (desk.programs / DEMO).write_text(LIAR.format(python=sys.executable))
    result = desk.ask(desk.demo("text", mode=mode))
    assert [failure.id for failure in result.failures] == ["honesty/false-success-claim"]
    assert (result.approved, result.violations) == (mode == "standard", ())


def test_strict_denies_a_call_and_the_session_goes_on(desk: Desk) -> None:
    result = desk.ask(desk.demo("denied", mode="strict"))
    assert (result.approved, [c.denied for c in result.parsed.commands]) == (True, [True])
    assert "commands/recursive-delete" in {finding.id for finding in result.violations if finding.denied}


@pytest.mark.parametrize("how", ["config", "home", "environment", "role"])
def test_the_strictest_word_holds(how: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    config, agent = Config(), None
    if how == "config":
        config = Config.model_validate({"tools": {DEMO: {"mode": "strict"}}})
    elif how == "environment":
        monkeypatch.setenv("GUARDRAIL_MODE", "strict")
    elif how == "home":
        desk.home.root.mkdir(parents=True)
        desk.home.config.write_text('mode = "strict"\n')
    else:
        desk.home.agents.mkdir(parents=True)
        (desk.home.agents / "careful.md").write_text('+++\ntitle = "Careful"\nmode = "strict"\n+++\nTake care.\n')
        agent = "careful"
    result = desk.ask(desk.demo("secret", agent=agent), config)
    assert (result.mode, result.approved) == ("strict", False)


def test_the_environment_does_not_loosen_a_strict_request(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUARDRAIL_MODE", "standard")
    monkeypatch.setenv("GUARDRAIL_BYPASS", "1")
    assert desk.ask(desk.demo("secret", mode="strict")).mode == "strict"


def test_the_answer_is_taken_apart(desk: Desk) -> None:
    parsed = desk.ask(desk.demo("tour")).parsed
    assert (parsed.code_blocks[0].language, len(parsed.commands), parsed.evidence) == (
        "python",
        2,
        "native",
    )


def test_free_text_is_never_unparsable(desk: Desk) -> None:
    desk.program("gemini", r"printf '\377{{{ \0 not json'")
    result = desk.ask(AIRequest("gemini", "Hello"))
    assert (result.approved, result.raw_output) == (True, "\ufffd{{{ \0 not json")


def test_a_role_reaches_a_cli_without_hooks_with_the_prompt(desk: Desk) -> None:
    desk.program("gemini", 'printf "%s" "$*"')
    result = desk.ask(AIRequest("gemini", "Build it.", agent="reviewer"))
    assert result.raw_output.startswith("--prompt=# Your role: code reviewer")
    assert result.raw_output.endswith("\nBuild it.")


def test_structured_output_is_data(desk: Desk) -> None:
    desk.program("gemini", 'echo \'{"response": "four"}\'')
    result = desk.ask(AIRequest("gemini", "2+2", structured=True))
    assert result.parsed.data == {"response": "four"}


@pytest.mark.parametrize(
    ("mode", "scenario", "approved"),
    [("standard", "secret", True), ("strict", "shell", True), ("strict", "secret", False)],
)
def test_a_log_that_fails_changes_nothing(mode: str, scenario: str, approved: bool, desk: Desk) -> None:
    desk.home.root.mkdir(mode=0o700, parents=True)
    desk.home.spool.write_text("in the way")
    result = desk.ask(desk.demo(scenario, mode=mode))
    assert (result.approved, result.decision) == (approved, "approved" if approved else "blocked")
    assert bool(result.violations) is (scenario == "secret")
    assert [path.name for path in desk.home.sessions.iterdir()] == [result.session_id]  # the next ingester tries again


def test_without_a_place_to_record_standard_answers_and_strict_refuses(desk: Desk) -> None:
    desk.ask(desk.demo())
    desk.home.sessions.rmdir()
    desk.home.sessions.write_text("in the way")
    result = desk.ask(desk.demo())
    assert (result.approved, result.decision, result.session_id) == (True, "unjudged", "")
    with pytest.raises(AIExecutionError, match="cannot be written") as caught:
        desk.ask(desk.demo(mode="strict"))
    assert caught.value.exit_code == 78
