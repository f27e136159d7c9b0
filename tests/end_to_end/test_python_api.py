"""The Python API against the real claude and codex: a program of the user's own asks them, behind the shims or not."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import Installer
from guard import Guard, tally
from model import ModelServer, Turn, shell

pytestmark = [pytest.mark.realcli, pytest.mark.slow]
BOTH = pytest.mark.parametrize("cli", ["claude", "codex"])
KEY = "AKIA" + "Q3ZJ7WXN" + "2LDM5TRB"
PAGE = (Path(__file__).parents[2] / "docs/python-api.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```\n(?=\n|$)", PAGE, re.DOTALL)
TOOLS = {
    "claude": ("--allowedTools", "Bash"),
    "codex": ("--dangerously-bypass-approvals-and-sandbox",),
    **dict.fromkeys(("gemini", "qwen"), ("--approval-mode", "yolo")),
}
"""The scripted model answers who offers it tools; some CLIs offer none that they would have to ask about."""
ASK = """
import asyncio, json, sys
from guardrail_proxy import AIExecutionError, AIRequest, GuardrailDaemon

async def main():
    fields = json.loads(sys.argv[1])
    fields["args"] = tuple(fields.get("args", ()))
    async with GuardrailDaemon() as daemon:
        try:
            result = await daemon.process_request(AIRequest(**fields))
        except AIExecutionError as error:
            return {"error": str(error), "exit_code": error.exit_code, "tail": error.output_tail}
    return {
        "raw_output": result.raw_output,
        "approved": result.approved,
        "mode": result.mode,
        "because": result.because,
        "session_id": result.session_id,
        "commands": [event.text for event in result.parsed.commands],
        "evidence": result.parsed.evidence,
        "data": result.parsed.data,
        "stages": [stage.name for stage in result.stages],
    }

print(json.dumps(asyncio.run(main())))
"""


MISSION = """
from guardrail_proxy import AIRequest, Config, GuardrailDaemon, WorkerManager

config = Config()
daemon = GuardrailDaemon(config)
result = await daemon.process_request(AIRequest(tool="claude", prompt="Create a secure authentication function", agent="security", mode="strict"))
print(result.raw_output if result.approved else (len(result.violations), len(result.failures)))
manager = WorkerManager(config, daemon.db)
await manager.start_all()
...
await manager.stop_all()
"""  # noqa: E501 # verbatim


@dataclass(frozen=True)
class Answer:
    told: dict[str, object]
    model: ModelServer


def script(guard: Guard, cli: str, url: str, text: str, *words: str) -> str:
    """What a program of the user's prints, run in his project with the shims first on PATH."""
    env = {**guard.environment(cli, url), "GUARDRAIL_HOME": str(guard.home)}
    env["PATH"] = os.pathsep.join((env["PATH"], os.environ["PATH"]))
    done = subprocess.run(
        [sys.executable, "-c", text, *words],
        cwd=guard.stage.project,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=150,
    )
    tally(cli)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ask(guard: Guard, cli: str, turns: tuple[Turn, ...], **fields: object) -> Answer:
    """The answer to one request."""
    request = {"tool": cli, "prompt": "Please do the task.", "args": TOOLS.get(cli, ()), **fields}
    with ModelServer(turns) as model:
        told = json.loads(script(guard, cli, model.url, ASK, json.dumps(request)))
    return Answer(told, model)


def as_program(lines: str) -> str:
    """Lines with ``await`` among them as a program."""
    return f"import asyncio\nasync def main():\n{textwrap.indent(lines, '    ')}\nasyncio.run(main())"


@BOTH
def test_the_first_example_of_all_runs_as_it_is_written(cli: str, installed: Installer) -> None:
    guard = installed(cli)
    example = as_program(MISSION).replace('tool="claude"', f'tool="{cli}"')
    with ModelServer((Turn("Use argon2."),)) as model:
        assert script(guard, cli, model.url, example) == "Use argon2.\n\n"
    row = guard.session()
    assert (row["decision"], row["mode"], row["agent"], row["origin"]) == ("approved", "strict", "security", "api")


def test_the_first_example_says_how_much_was_found_in_what_strict_did_not_approve(installed: Installer) -> None:
    guard = installed("claude")
    with ModelServer((Turn(f"Put this in your settings:\n\n    aws_access_key_id = {KEY}\n"),)) as model:
        assert script(guard, "claude", model.url, as_program(MISSION)) == "(1, 0)\n"


@BOTH
def test_the_answer_is_judged_and_the_run_is_recorded_once(cli: str, installed: Installer) -> None:
    guard = installed(cli)
    turns = (Turn("Looking.", (shell("echo made > made.txt"),)), Turn("Here is your answer."))
    told = ask(guard, cli, turns, session_id="mine").told
    assert (told["raw_output"], told["approved"], told["evidence"]) == ("Here is your answer.\n", True, "native")
    assert "echo made > made.txt" in str(told["commands"])
    assert told["stages"] == ["context", "run", "parse", "validate", "detect", "guard", "enforce"]
    row = guard.session()
    facts = (row["session_id"], row["origin"], row["external_id"], row["tool"], row["outcome"])
    assert facts == (told["session_id"], "api", "mine", cli, "completed")
    assert (guard.stage.project / "made.txt").read_text() == "made\n"


@BOTH
@pytest.mark.parametrize("mode", ["standard", "strict"])
def test_the_documents_and_the_role_reach_the_model(mode: str, cli: str, installed: Installer) -> None:
    guard = installed(cli)
    answer = ask(guard, cli, (Turn("Hello."),), agent="security", mode=mode)
    request = str(answer.model.requests[0])
    assert ("# Working agreement" in request, "# Your role: security engineer" in request) == (True, True)
    assert (answer.told["approved"], guard.session()["agent"]) == (True, "security")


@BOTH
@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        ((Turn(f"Put this in your settings:\n\n    aws_access_key_id = {KEY}\n"),), "secrets/aws-access-key"),
        (
            (Turn("Testing.", (shell("python3 -m unittest -q"),)), Turn("All tests pass now.")),
            "honesty/false-success-claim",
        ),
    ],
    ids=["violation", "failure"],
)
def test_strict_does_not_approve(cli: str, turns: tuple[Turn, ...], reason: str, installed: Installer) -> None:
    guard = installed(cli)
    told = ask(guard, cli, turns, mode="strict").told
    assert (told["approved"], told["because"], guard.session()["decision"]) == (False, [reason], "blocked")


@BOTH
def test_strict_denies_a_destructive_command(cli: str, installed: Installer) -> None:
    guard = installed(cli)
    wipe = shell('find "$HOME/Documents" -delete')
    told = ask(guard, cli, (Turn("Cleaning.", (wipe,)), Turn("Then not.")), mode="strict").told
    assert (guard.stage.home / "Documents/thesis.txt").exists()
    assert told["raw_output"] == "Then not.\n"


@BOTH
def test_structured_output_is_data(cli: str, installed: Installer) -> None:
    told = ask(installed(cli), cli, (Turn("Four."),), structured=True).told
    assert "Four." in json.dumps(told["data"])


@BOTH
def test_a_prompt_that_looks_like_a_flag_is_a_prompt(cli: str, installed: Installer) -> None:
    answer = ask(installed(cli), cli, (Turn("Hello."),), prompt="--help me")
    assert (answer.told["raw_output"], "--help me" in str(answer.model.requests[0])) == ("Hello.\n", True)


@pytest.mark.parametrize("cli", ["gemini", "qwen", "opencode", "copilot"])
def test_the_other_clis_answer_a_prompt_that_looks_like_a_flag_in_a_role(cli: str, installed: Installer) -> None:
    guard = installed(cli)
    answer = ask(guard, cli, (Turn("Here is your answer."),), agent="reviewer", prompt="--help me\nplease")
    request = str(answer.model.requests[0])
    assert ("--help me\\nplease" in request, "# Your role: code reviewer" in request) == (True, True)
    assert ("Here is your answer." in str(answer.told["raw_output"]), guard.session()["origin"]) == (True, "api")


@pytest.mark.parametrize("cli", ["gemini", "qwen", "opencode", "copilot"])
def test_the_other_clis_structured_output_is_data(cli: str, installed: Installer) -> None:
    told = ask(installed(cli), cli, (Turn("Four."),), structured=True).told
    assert "Four." in json.dumps(told.get("data")), told


@BOTH
def test_an_api_that_refuses_is_an_error_with_the_end_of_the_output(cli: str, installed: Installer) -> None:
    guard = installed(cli)
    told = ask(guard, cli, (Turn("no credit left", error=400),)).told
    assert (told["exit_code"], "no credit left" in str(told["tail"])) == (1, True)
    assert guard.session()["outcome"] == "api-error"


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_of_the_documentation_runs(example: str, installed: Installer) -> None:
    guard = installed("claude")
    with ModelServer((Turn("Here it is."), Turn("Here it is."))) as model:
        assert script(guard, "claude", model.url, example)
