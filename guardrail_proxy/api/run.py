"""COLD. One request from beginning to end, in a thread of its own: context, run, and what the sidecar judged."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

from guardrail_proxy.agents.roles import Role, find_role
from guardrail_proxy.api.adapters import Adapter, AdapterFactory
from guardrail_proxy.api.call import Command, Question, command_of, discard, facts_of, open_folder
from guardrail_proxy.api.child import Child, Halt
from guardrail_proxy.api.execution_error import AIExecutionError, tail_of
from guardrail_proxy.api.outcome import Ran, result_of, unrecorded
from guardrail_proxy.api.ready import ready_plan
from guardrail_proxy.api.request import AIRequest
from guardrail_proxy.api.response import data_of
from guardrail_proxy.api.result import AIResult
from guardrail_proxy.api.sidecar_link import SidecarLink
from guardrail_proxy.config import Config
from guardrail_proxy.context.facts import Facts
from guardrail_proxy.errors import ConfigError, ExitCode
from guardrail_proxy.home import Home
from guardrail_proxy.plan import Plan
from guardrail_proxy.session import Mode, Stage

TIMEOUT, HALTED = "timeout", "halted"


@dataclass(frozen=True, slots=True)
class Run:
    """One request of one daemon."""

    config: Config
    home: Home
    request: AIRequest
    halt: Halt

    def answer(self, keep: Callable[[SidecarLink], None]) -> AIResult:
        """The judged answer. ``keep`` gets the sidecar that still logs.

        Raises AIExecutionError, ConfigError.
        """
        began = time.time(), time.perf_counter()
        question = self.question()
        facts = facts_of(question)
        mode: Mode = "strict" if facts.choice.mode == b"strict" else "standard"
        link, command = self._recorded(question, facts, mode)
        context = Stage("context", began[0], (time.perf_counter() - began[1]) * 1000)
        if link:
            keep(link)
        ran = self._ran(command, link, context)
        session_id = os.fsdecode(link.folder.id) if link else ""
        self._refuse(ran, session_id)
        if link is None:
            return unrecorded(self.request, mode, ran)
        judged = link.judged(self.config.strict.verdict_timeout_s, is_logged=mode == "strict")
        return result_of(self.request, mode, session_id, ran, judged)

    def question(self) -> Question:
        """The request with all that is known of it. Raises ConfigError, AIExecutionError."""
        request, adapter = self.request, AdapterFactory().create(self.request.tool)
        role = role_of(self.home, request)
        adapter.words("", structured=request.structured)
        if not self.config.tool(request.tool).enabled:
            raise AIExecutionError(request.tool, None, reason="is disabled in the configuration")
        real = adapter.program()
        mode = self._mode(role)
        plan = self._plan(adapter, mode)
        is_told = plan.says(b"hooked") and plan.says(b"inject")
        prompt = request.prompt if role is None or is_told else f"{role.text}\n{request.prompt}"
        words = adapter.words(prompt, request.args, structured=request.structured)
        return Question(request, self.home, plan, real, words, role, mode)

    def _mode(self, role: Role | None) -> Mode:
        """The strictest of what the caller says; home, repository and environment may tighten it."""
        modes = (self.request.mode, role.mode if role else None, self.config.mode_of(self.request.tool))
        return "strict" if "strict" in modes else "standard"

    def _plan(self, adapter: Adapter, mode: Mode) -> Plan:
        """The CLI's plan; where nothing can be written standard goes on with an empty one, which adds nothing."""
        try:
            return ready_plan(self.home, adapter.tool, adapter.program())
        except OSError as error:
            if mode == "standard":
                return Plan(os.fsencode(self.home.plan(adapter.tool)))
            why = f"{self.home.root} cannot be written ({error.strerror}): free it, or choose another guardrail home"
            raise AIExecutionError(adapter.tool, ExitCode.COULD_NOT_GUARD, reason=why) from error

    def _recorded(self, question: Question, facts: Facts, mode: Mode) -> tuple[SidecarLink | None, Command]:
        """The session's sidecar and what runs; standard goes on without a sidecar where nothing can be written."""
        try:
            folder = open_folder(question, facts)
        except OSError as error:
            if mode == "strict":
                why = f"{self.home.root} cannot be written ({error.strerror})"
                raise AIExecutionError(self.request.tool, ExitCode.COULD_NOT_GUARD, reason=why) from error
            words = [os.fsencode(word) for word in question.words]
            return None, Command(os.fsencode(question.real), words, dict(os.environb), question.cwd)
        try:
            command, meta = command_of(question, facts, folder)
        except BaseException:
            discard(folder)
            raise
        return SidecarLink(folder, meta), command

    def _ran(self, command: Command, link: SidecarLink | None, context: Stage) -> Ran:
        started, began = time.time(), time.perf_counter()
        try:
            child = Child(command)
        except OSError as error:
            if link:
                link.ended(127 << 8)
            raise AIExecutionError(self.request.tool, None, reason=f"cannot be started ({error.strerror})") from error
        if link:
            link.recorder.start()
        seconds = self.config.tool(self.request.tool).timeout_seconds
        why = child.read(seconds, link.take if link else _forget, self.halt)
        status = child.close()
        if link:
            link.ended(status)
        duration = (time.perf_counter() - began) * 1000
        output, errors = (bytes(data).decode("utf-8", "replace") for data in (child.output, child.errors))
        return Ran(output, errors, status, why, round(duration), (context, Stage("run", started, duration)))

    def _refuse(self, ran: Ran, session_id: str) -> None:
        """Raise AIExecutionError for what is no answer."""
        seconds = self.config.tool(self.request.tool).timeout_seconds
        reasons = {TIMEOUT: f"no answer within {seconds} s, so it was ended", HALTED: "the caller ended it"}
        reason = reasons.get(ran.why, "")
        if not reason and os.WIFSIGNALED(ran.status):
            reason = f"killed by signal {os.WTERMSIG(ran.status)}"
        if not reason and not ran.status and self.request.structured:
            reason = _unreadable(ran.output)
        if reason or ran.status:
            tail = tail_of(ran.output, ran.errors)
            raise AIExecutionError(self.request.tool, ran.exit_code, tail, reason, session_id)


def role_of(home: Home, request: AIRequest) -> Role | None:
    """The role of the request. Raises ConfigError for one that is not known, or that another CLI plays."""
    role = find_role(home, request.agent) if request.agent else None
    if role and role.cli not in (None, request.tool):
        raise ConfigError(f"the agent '{role.name}' is played by {role.cli}, not by {request.tool}: ask {role.cli}")
    return role


def _unreadable(output: str) -> str:
    try:
        data_of(output)
    except ValueError as error:
        return f"its structured output cannot be read: {error}"
    return ""


def _forget(data: bytes) -> None:
    """Nobody records."""
    del data
