"""Calls that speak a protocol on stdio: no byte of it is ours, and the session is hooked and recorded all the same."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest
from conftest import Installer
from guard import Guard, tally
from model import ModelServer, Turn, shell

pytestmark = [pytest.mark.realcli, pytest.mark.slow]
TURNS = (Turn("Looking.", (shell("echo made > made.txt"),)), Turn("That was everything."))
WIPE = (Turn("Cleaning.", (shell('find "$HOME/Documents" -delete'),)), Turn("That was everything."))
STREAM = ("-p", "--input-format", "stream-json", "--output-format", "stream-json", "--verbose")


def stream_json(guard: Guard, url: str) -> subprocess.CompletedProcess[str]:
    """One message to claude, as its SDKs send it."""
    message = {"type": "user", "message": {"role": "user", "content": "Please do the task."}}
    done = subprocess.run(
        ["/usr/bin/env", "claude", *STREAM, "--allowedTools", "Bash"],
        cwd=guard.stage.project,
        env=guard.environment("claude", url),
        input=json.dumps(message) + "\n",
        capture_output=True,
        text=True,
        timeout=120,
    )
    tally("claude")
    return done


@pytest.mark.parametrize("mode", ["standard", "strict"])
def test_claude_in_stream_json_is_recorded(mode: str, installed: Installer) -> None:
    guard = installed("claude", mode=mode)
    with ModelServer(TURNS) as model:
        done = stream_json(guard, model.url)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["result"] == "That was everything."
    assert (guard.stage.project / "made.txt").exists()
    row = guard.session()
    assert (row["evidence"], row["decision"], row["output_ref"]) == ("native", "approved", None)


def test_strict_denies_a_call_in_stream_json(installed: Installer) -> None:
    guard = installed("claude", mode="strict")
    with ModelServer(WIPE) as model:
        stream_json(guard, model.url)
        told = json.dumps(model.requests[-1])
    assert (guard.stage.home / "Documents/thesis.txt").exists()
    assert "guardrail-proxy blocked this call" in told


class AppServer:
    """JSON-RPC with `codex app-server`, a line a message."""

    def __init__(self, guard: Guard, url: str) -> None:
        self.process = subprocess.Popen(
            ["/usr/bin/env", "codex", "app-server"],
            cwd=guard.stage.project,
            env=guard.environment("codex", url),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        tally("codex")

    def send(self, method: str, number: int | None = None, **params: object) -> None:
        assert self.process.stdin
        message = {"method": method, "params": params} | ({} if number is None else {"id": number})
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def messages(self) -> Iterator[dict[str, object]]:
        assert self.process.stdout
        for line in self.process.stdout:
            yield json.loads(line)

    def until(self, key: str, value: object) -> dict[str, object]:
        return next(message for message in self.messages() if message.get(key) == value)

    def turn(self, guard: Guard) -> None:
        """One whole turn, tools allowed, then the end of input."""
        self.send("initialize", 1, clientInfo={"name": "test", "title": "test", "version": "1"})
        self.until("id", 1)
        self.send("initialized")
        self.send("thread/start", 2, cwd=str(guard.stage.project), approvalPolicy="never", sandbox="danger-full-access")
        result = self.until("id", 2)["result"]
        assert isinstance(result, dict)
        self.send("turn/start", 3, threadId=result["thread"]["id"], input=[{"type": "text", "text": "Do the task."}])
        self.until("method", "turn/completed")
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(timeout=30)


def test_codex_app_server_is_recorded(installed: Installer) -> None:
    guard = installed("codex")
    with ModelServer(TURNS) as model:
        AppServer(guard, model.url).turn(guard)
    assert (guard.stage.project / "made.txt").exists()
    row = guard.session()
    assert (row["evidence"], row["output_ref"]) == ("native", None)
    assert "SessionStart" not in str(row["coverage"])


def test_strict_denies_a_call_in_codex_app_server(installed: Installer) -> None:
    guard = installed("codex", mode="strict")
    with ModelServer(WIPE) as model:
        AppServer(guard, model.url).turn(guard)
        told = json.dumps(model.requests[-1])
    assert (guard.stage.home / "Documents/thesis.txt").exists()
    assert "guardrail-proxy blocked this call" in told
