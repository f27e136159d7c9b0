"""COLD. One session of the demo CLI: speaks, asks its hooks, runs commands, writes its transcript."""

import json
import os
import re
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from guardrail_proxy.install.demo.hooks import Hooks
from guardrail_proxy.install.demo.scenarios import Propose, Run, Say, Step

PAUSE_S = 0.004
"""Between two words, so that the text arrives as a model's does."""
FOLDER = ".guardrail-demo-ai"


@dataclass(slots=True)
class DemoSession:
    """A session with its id and its transcript file."""

    id: str
    transcript: Path
    hooks: Hooks
    model: str
    calls: int = field(default=0)

    @classmethod
    def start(cls, hooks: Hooks, model: str) -> "DemoSession":
        """A new session; SessionStart hooks have run."""
        folder = Path.home() / FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        name = str(uuid.uuid4())
        session = cls(name, folder / f"{name}.jsonl", hooks, model)
        session.hooks.refusal("SessionStart", session.payload(source="startup", model=model))
        return session

    def payload(self, **more: object) -> dict[str, object]:
        """What every hook gets, and more."""
        return {"session_id": self.id, "transcript_path": str(self.transcript), "cwd": os.getcwd(), **more}

    def ask(self, prompt: str) -> bool:
        """Take a prompt; False when a hook refuses it."""
        reason = self.hooks.refusal("UserPromptSubmit", self.payload(prompt=prompt))
        self.note("prompt", prompt, denied=reason is not None)
        if reason is not None:
            print(f"prompt refused: {reason}", flush=True)
        return reason is None

    def play(self, step: Step) -> None:
        """One step of the scenario."""
        if isinstance(step, Say):
            self.say(step.text)
        else:
            self.use_shell(step)

    def say(self, text: str) -> None:
        """Stream a message."""
        for word in re.findall(r"\s*\S+\s*?(?=\s|$)|\s+$", text):
            sys.stdout.write(word)
            sys.stdout.flush()
            time.sleep(PAUSE_S)
        self.note("message", text)

    def use_shell(self, step: Run | Propose) -> None:
        """Ask the hooks; run the command unless it is denied or only proposed."""
        self.calls += 1
        call = f"call_{self.calls}"
        asked = self.payload(tool_name="Bash", tool_input={"command": step.command}, tool_use_id=call)
        print(f"\n$ {step.command}", flush=True)
        reason = self.hooks.refusal("PreToolUse", asked)
        self.note("command", step.command, name="Bash", call_id=call, denied=reason is not None)
        if reason is not None:
            self.result(call, f"denied: {reason}\n", ok=False)
        elif isinstance(step, Propose):
            self.result(call, "nobody denied it; this demo does not run it all the same\n", ok=False)
        else:
            self.execute(step.command, call)

    def execute(self, command: str, call: str) -> None:
        """Run it for real, output shown as it is."""
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=60,
            check=False,
        )
        self.result(call, done.stdout, ok=done.returncode == 0, exit_code=done.returncode)
        self.hooks.refusal("PostToolUse", self.payload(tool_name="Bash", tool_use_id=call))

    def result(self, call: str, output: str, *, ok: bool, exit_code: int | None = None) -> None:
        """Show and note what a tool call gave."""
        sys.stdout.write(output + "\n")
        sys.stdout.flush()
        self.note("tool result", output, name="Bash", call_id=call, ok=ok, exit_code=exit_code)

    def end_turn(self) -> None:
        """The turn is over."""
        self.hooks.refusal("Stop", self.payload(stop_hook_active=False))

    def note(self, kind: str, text: str, **more: object) -> None:
        """One line of the transcript."""
        line = {"kind": kind, "text": text, "at": time.time(), **{k: v for k, v in more.items() if v is not None}}
        with open(os.open(self.transcript, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as out:
            out.write(json.dumps(line) + "\n")
