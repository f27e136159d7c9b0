"""The demo CLI: what it shows, what it really runs, how it asks its hooks, what it writes down."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest

DEMO = [sys.executable, "-m", "guardrail_proxy.install.demo_ai"]
DENY_STDOUT = '{"hookSpecificOutput": {"permissionDecision": "deny", "permissionDecisionReason": "not here"}}'


def play(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DEMO, *words], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30
    )


def transcript() -> list[dict[str, object]]:
    (path,) = (Path(os.environ["HOME"]) / ".guardrail-demo-ai").glob("*.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def hooks(folder: Path, command: str, event: str = "PreToolUse") -> list[str]:
    value = {"hooks": {event: [{"hooks": [{"type": "command", "command": command}]}]}}
    (folder / "hooks.json").write_text(json.dumps(value))
    return ["--hooks", str(folder / "hooks.json")]


def test_the_tour_has_code_a_command_that_ran_and_the_planted_key(tmp_path: Path) -> None:
    (tmp_path / "proof.txt").touch()
    done = play("-p", "hi", cwd=tmp_path)
    assert done.returncode == 0
    assert "```python" in done.stdout
    assert "shell=True" in done.stdout
    assert "proof.txt" in done.stdout
    assert "AKIA" in done.stdout


def test_the_planted_key_stands_in_no_source_file() -> None:
    key = play("-p", "--scenario", "secret", "x").stdout.partition("aws_access_key_id = ")[2].split()[0]
    package = Path(__file__).parents[2] / "guardrail_proxy/install"
    assert len(key) == 20
    assert [path for path in package.rglob("*.py") if key in path.read_text()] == []


def test_the_transcript_holds_prompt_message_command_and_result() -> None:
    play("-p", "--scenario", "shell", "do it")
    lines = transcript()
    assert [line["kind"] for line in lines] == [
        *("prompt", "message", "command", "tool result", "command", "tool result", "message"),
    ]
    assert (lines[0]["text"], lines[3]["call_id"], lines[3]["exit_code"]) == ("do it", "call_1", 0)


def test_a_working_directory_that_is_gone_is_one_line(tmp_path: Path) -> None:
    line = 'mkdir "$1" && cd "$1" && rmdir "$1" && exec "$2" -I -m guardrail_proxy.install.demo_ai -p hi'
    words = ["/bin/sh", "-c", line, "sh", str(tmp_path / "gone"), sys.executable]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30)
    said = "guardrail-demo-ai: the working directory is gone: change to a folder that is there\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_the_false_claim_follows_a_failing_run() -> None:
    play("-p", "--scenario", "false-claim", "fix it")
    lines = transcript()
    assert (lines[-2]["exit_code"], lines[-2]["ok"]) == (1, False)
    assert "All tests pass" in str(lines[-1]["text"])


@pytest.mark.parametrize(
    "command", ["cat >/dev/null; echo not here >&2; exit 2", f"cat >/dev/null; echo '{DENY_STDOUT}'"]
)
def test_a_denied_command_does_not_run_and_the_reason_is_shown(command: str, tmp_path: Path) -> None:
    (tmp_path / "proof.txt").touch()
    done = play("-p", "--scenario", "shell", *hooks(tmp_path, command), "x", cwd=tmp_path)
    assert done.stdout.count("denied: not here") == 2
    assert "proof.txt" not in done.stdout
    assert [line["denied"] for line in transcript() if line["kind"] == "command"] == [True, True]


def test_a_hook_that_fails_otherwise_denies_nothing(tmp_path: Path) -> None:
    assert "45" in play("-p", "--scenario", "shell", *hooks(tmp_path, "exit 1"), "x").stdout


def test_bare_calls_no_hook(tmp_path: Path) -> None:
    done = play("-p", "--bare", "--scenario", "shell", *hooks(tmp_path, f"touch {tmp_path}/called; exit 2"), "x")
    assert ("45" in done.stdout, (tmp_path / "called").exists()) == (True, False)


def test_the_dangerous_call_is_never_run_even_without_hooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "thesis.txt").write_text("years of work")
    done = play("-p", "--scenario", "denied", "x")
    assert "rm -rf ~" in done.stdout
    assert (tmp_path / "thesis.txt").exists()


def test_a_session_start_hook_learns_where_the_transcript_is(tmp_path: Path) -> None:
    play("-p", "--scenario", "text", *hooks(tmp_path, f"cat > {tmp_path}/payload", "SessionStart"), "x")
    payload = json.loads((tmp_path / "payload").read_text())
    assert Path(payload["transcript_path"]).stem == payload["session_id"]
    assert Path(payload["transcript_path"]).exists()


def test_on_a_terminal_it_asks_until_exit() -> None:
    child = pexpect.spawn(DEMO[0], [*DEMO[1:], "--scenario", "shell"], timeout=20)
    child.expect("> ")
    child.sendline("what is here?")
    child.expect("scripted to do")
    child.expect("> ")
    child.sendline("/exit")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


def test_a_reader_that_leaves_is_no_traceback() -> None:
    done = subprocess.run(["/bin/sh", "-c", f"{' '.join(DEMO)} -p x | head -n 1"], capture_output=True, text=True)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("word", ["--version", "--help"])
def test_housekeeping_answers_and_leaves_no_trace(word: str) -> None:
    assert "guardrail-demo-ai" in play(word).stdout
    assert not (Path(os.environ["HOME"]) / ".guardrail-demo-ai").exists()


def test_a_broken_hooks_file_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "hooks.json").write_text("{")
    done = play("-p", "--hooks", str(tmp_path / "hooks.json"), "x")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
