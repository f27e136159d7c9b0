"""COLD. ``guardrail-demo-ai``: an offline, scripted AI CLI, for machines without one and for trying the guard out.

It streams text, prints code, asks its hooks and really runs a harmless shell command. It calls no model.
"""

import argparse
import contextlib
import os
import sys
from pathlib import Path

from guardrail_proxy.install.demo.hooks import Hooks
from guardrail_proxy.install.demo.scenarios import SCENARIOS
from guardrail_proxy.install.demo.session import DemoSession

VERSION = "1.0.0"
HELP = "an offline, scripted AI CLI: no model, no network, no cost"


def main() -> None:
    """Entry point of the console script."""
    words = parser().parse_args()
    try:
        os.getcwd()
    except FileNotFoundError:
        sys.exit("guardrail-demo-ai: the working directory is gone: change to a folder that is there")
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        sys.exit(run(words))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(130)


def parser() -> argparse.ArgumentParser:
    """The arguments of the demo CLI."""
    words = argparse.ArgumentParser(prog="guardrail-demo-ai", description=HELP, allow_abbrev=False)
    words.add_argument("-p", "--print", action="store_true", dest="once", help="answer once and exit")
    words.add_argument("--scenario", choices=tuple(SCENARIOS), default="tour", help="what to play (default: tour)")
    words.add_argument("--hooks", type=Path, metavar="FILE", help="hooks.json, as of Claude Code's plugins")
    words.add_argument("--bare", action="store_true", help="call no hooks")
    words.add_argument("--version", action="version", version=f"guardrail-demo-ai {VERSION}")
    words.add_argument("prompt", nargs="*", metavar="PROMPT")
    return words


def run(words: argparse.Namespace) -> int:
    """Play the scenario once, or for every line typed; the exit status."""
    hooks = Hooks.read(None if words.bare else words.hooks)
    session = DemoSession.start(hooks, f"guardrail-demo-ai {VERSION}")
    prompt = " ".join(words.prompt)
    if words.once or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return answer(session, words.scenario, prompt or sys.stdin.read().strip())
    print(f"guardrail-demo-ai {VERSION}: {HELP}. Type /exit to leave.")
    if prompt:
        answer(session, words.scenario, prompt)
    return converse(session, words.scenario)


def converse(session: DemoSession, scenario: str) -> int:
    """The prompt loop of a terminal."""
    while True:
        try:
            line = input("\n> ").strip()
        except EOFError:
            return 0
        if line in {"/exit", "/quit"}:
            return 0
        if line:
            answer(session, scenario, line)


def answer(session: DemoSession, scenario: str, prompt: str) -> int:
    """One turn."""
    if not session.ask(prompt):
        return 1
    for step in SCENARIOS[scenario]:
        session.play(step)
    session.end_turn()
    return 0


if __name__ == "__main__":
    main()
