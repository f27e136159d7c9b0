"""COLD. Stage context for one request: which program with which words, environment and mode, and where it is noted."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from guardrail_proxy.agents.roles import Role
from guardrail_proxy.api.execution_error import AIExecutionError
from guardrail_proxy.api.request import AIRequest
from guardrail_proxy.context import context
from guardrail_proxy.context.call import Call
from guardrail_proxy.context.facts import Facts, Place
from guardrail_proxy.context.mode import Choice, choose_mode
from guardrail_proxy.context.permission import RunBareError, StrictRefusalError, permit
from guardrail_proxy.durable import write_durably
from guardrail_proxy.errors import ExitCode, RefusedError
from guardrail_proxy.guardrails.preflight import preflight
from guardrail_proxy.home import Home
from guardrail_proxy.plan import Plan
from guardrail_proxy.redact import redact
from guardrail_proxy.run.folder import Folder
from guardrail_proxy.session import Mode

NO_TERMINAL = (False, False, False)
ROLE = "role.md"
"""In the session's folder: what its first hook call is answered with besides the guardrail documents."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to execute."""

    program: bytes
    argv: list[bytes]
    """Without argv[0]."""
    env: dict[bytes, bytes]
    cwd: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """A request, decided: what runs, in which mode, with what known of it."""

    request: AIRequest
    home: Home
    plan: Plan
    real: Path
    words: tuple[str, ...]
    role: Role | None
    mode: Mode

    @property
    def cwd(self) -> bytes:
        """Where the CLI works."""
        return os.fsencode(Path(self.request.cwd or Path.cwd()).absolute())


def facts_of(question: Question) -> Facts:
    """As the relay knows a call. Raises AIExecutionError when it cannot be guarded, or is no question to a model."""
    plan, env, tool = question.plan, dict(os.environb), question.request.tool
    call = Call(plan, [os.fsencode(word) for word in question.words])
    chosen = choose_mode(plan, question.mode.encode(), os.fsencode(question.home.root), env, question.cwd)
    strict = "strict" in (question.mode, chosen.mode.decode())
    choice = Choice(b"strict" if strict else b"standard", False, chosen.parent, chosen.depth)  # noqa: FBT003 # as it is
    try:
        permit(plan, call, choice, env)
    except StrictRefusalError as error:
        raise AIExecutionError(tool, ExitCode.COULD_NOT_GUARD, reason=str(error)) from None
    except RunBareError as error:
        raise AIExecutionError(tool, None, reason=str(error) or "is disabled, or asked for no answer") from None
    place = Place(os.fsencode(question.home.root), question.cwd, os.fsencode(question.real), env, NO_TERMINAL)
    return Facts(plan, call, choice, place)


def command_of(question: Question, facts: Facts, folder: Folder) -> tuple[Command, bytes]:
    """(what to execute, the sidecar's first frame). Raises AIExecutionError when strict could not keep its word.

    Hooks are used in either mode, also where the relay would spare a CLI's stderr their mention: nobody reads it here.
    """
    plan, mode = facts.plan, facts.choice.mode
    for words in plan.modes.values():
        words.pop(b"quiet-arg", None)
    argv, env, added = context(plan, mode, facts.call, facts.place.env, folder.path)
    if mode == b"strict":
        argv = _preflighted(question)
    command = Command(os.fsencode(question.real), argv, env, question.cwd)
    return command, facts.meta(folder.id, added, b"")


def _preflighted(question: Question) -> list[bytes]:
    try:
        words = preflight(question.home, question.request.tool, question.words, os.environ)
    except RefusedError as error:
        raise AIExecutionError(question.request.tool, ExitCode.COULD_NOT_GUARD, reason=str(error)) from None
    return [os.fsencode(word) for word in words]


def open_folder(question: Question, facts: Facts) -> Folder:
    """The session's folder with its start record. Raises OSError when the home cannot be written."""
    folder = Folder(os.fsencode(question.home.root))
    try:
        if question.role:
            write_durably(Path(os.fsdecode(folder.path)) / ROLE, question.role.text.encode())
        folder.start(facts.start() + _told(question))
    except OSError:
        discard(folder)
        raise
    return folder


def discard(folder: Folder) -> None:
    """Take back a session that never began."""
    shutil.rmtree(os.fsdecode(folder.path), ignore_errors=True)
    if folder.lock >= 0:
        os.close(folder.lock)


def _told(question: Question) -> bytes:
    """More members of the start record: what the caller said of the run, without secrets."""
    members = {"origin": "api", "agent": question.request.agent, "external_id": question.request.session_id}
    kept = {name: redact(value) for name, value in members.items() if value}
    return b"".join(b", %s: %s" % (json.dumps(name).encode(), json.dumps(kept[name]).encode()) for name in kept)
