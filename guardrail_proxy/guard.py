"""HOT. A call that is guarded: recorded and run, in strict judged before anything is released."""

import posix

from guardrail_proxy.context import context
from guardrail_proxy.context.facts import Facts
from guardrail_proxy.context.mode import STRICT
from guardrail_proxy.context.permission import COULD_NOT_GUARD, RunBareError, StrictRefusalError, shown
from guardrail_proxy.plan import Plan, is_stale
from guardrail_proxy.run import run
from guardrail_proxy.run.child import Program, UnstartedError
from guardrail_proxy.run.descriptors import say
from guardrail_proxy.run.folder import Folder
from guardrail_proxy.run.status import described, leave_as, unstarted

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from collections.abc import Callable

    from guardrail_proxy.context.carried import Added
    from guardrail_proxy.run.held import Held
    from guardrail_proxy.run.recorder import Recorder

if "__file__" in globals():  # not out of the bundle: an upgrade while the CLI starts may take the files away
    from guardrail_proxy.run import left_behind, recorder, relay  # noqa: F401

NOT_APPROVED = 77
HOLD_LIMIT_BYTES, VERDICT_TIMEOUT_S = b"67108864", b"30"
"""Where a plan says nothing."""


def guard(facts: Facts, program: Program) -> None:
    """Record, run, judge, leave. Does not return; raises before the CLI has started, never after."""
    folder = make_folder(facts)
    if facts.choice.is_bypassed:
        raise RunBareError("")
    plan, mode = facts.plan, facts.choice.mode
    argv, env, added = context(plan, mode, facts.call, facts.place.env, folder.path)
    if mode == STRICT and (added.dropped or needs_preflight(plan)):
        argv = preflighted(facts)
    interpreter = plan.one(b"interpreter")
    if not posix.access(interpreter, posix.X_OK):
        say("%s is gone: this call is not recorded; run install.sh again" % shown(interpreter))
        interpreter = b""
    recorder = once(lambda: new_recorder(facts, folder, interpreter, added))
    held = held_back(facts)
    if mode == STRICT:
        from guardrail_proxy.run import judged  # noqa: F401 # now: an upgrade while the CLI runs may take it away
    status = run_guarded(program.changed(argv, env), recorder, facts.kind, held)
    if not concluded(facts, folder, status, recorder, held):
        posix._exit(NOT_APPROVED)
    leave_as(status)


def concluded(
    facts: Facts, folder: Folder, status: int, recorder: "Callable[[], Recorder]", held: "Held | None"
) -> bool:
    """Write the end down, hand over, in strict wait for the verdict; whether the session stands. Raises nothing."""
    try:
        write_end(folder, status, recorder().gap)  # first: the last frame lets the finisher read it
        recorder().ended(described(status))
        if facts.choice.mode != STRICT:
            tell(facts, recorder())
            return True
        from guardrail_proxy.run import judged

        return judged.is_approved(recorder(), held, timeout_of(facts.plan)) or posix.WIFSIGNALED(status)
    except Exception as error:  # noqa: BLE001 # the CLI has run: nothing may have it run again
        if facts.choice.mode == STRICT:
            say("the verdict failed (%s: %s)" % (type(error).__name__, error))
            posix._exit(COULD_NOT_GUARD)
        return True


def once(make: "Callable[[], Recorder]") -> "Callable[[], Recorder]":
    """The same one at every call; made at the first, when the CLI is on its way: that costs it no time."""
    made: "list[Recorder]" = []

    def get() -> "Recorder":
        if not made:
            made.append(make())
        return made[0]

    return get


def new_recorder(facts: Facts, folder: Folder, interpreter: bytes, added: "Added") -> "Recorder":
    """Of this session. ``interpreter``: b'' where nothing is recorded."""
    from guardrail_proxy.run.recorder import Recorder

    meta = facts.meta(folder.id, added, size_of(facts))
    if facts.choice.mode == STRICT:  # what it releases, it has looked at
        return Recorder(interpreter, folder.path, folder.lock, meta, hold_limit(facts.plan))
    recorder = Recorder(interpreter, folder.path, folder.lock, meta)
    recorder.is_awaited = False
    return recorder


def held_back(facts: Facts) -> "Held | None":
    """Where strict keeps what it may have to withhold; None where nothing is held."""
    if (facts.choice.mode, facts.kind) != (STRICT, b"pipe"):
        return None
    from guardrail_proxy.run.held import Held  # strict only

    has_two = facts.plan.says(b"stderr-answer", b"no") and not facts.place.terminals[2]
    return Held(hold_limit(facts.plan), (1, 2) if has_two else (1,))


def hold_limit(plan: Plan) -> int:
    """Bytes of a session's output that strict keeps in memory until it is judged."""
    return int(plan.one(b"hold-limit", HOLD_LIMIT_BYTES))


def needs_preflight(plan: Plan) -> bool:
    """Whether the plan is stale, or settings files can hold an off-switch."""
    return is_stale(plan) or any(pattern.startswith(b"setting") for pattern in plan.all(b"off-switch"))


def preflighted(facts: Facts) -> "list[bytes]":
    """The whole argv as the COLD side merged it. Raises StrictRefusalError."""
    from guardrail_proxy.run.preflight import preflight  # strict only

    place, plan = facts.place, facts.plan
    argv, why = preflight(plan.one(b"interpreter"), place.home, plan.one(b"cli"), facts.call.argv, place.env)
    if why:
        raise StrictRefusalError(why)
    return argv


def make_folder(facts: Facts) -> Folder:
    """The session's folder. Raises RunBareError or StrictRefusalError when the home cannot be written."""
    try:
        folder = Folder(facts.place.home, may_be_spare=facts.choice.mode != STRICT)
        folder.start(facts.start())
    except OSError as error:
        why = "%s cannot be written (%s)" % (shown(facts.place.home), error.strerror)
        if facts.choice.mode == STRICT:
            raise StrictRefusalError(why) from None
        raise RunBareError(why + ": this call is not recorded") from None
    return folder


def run_guarded(program: Program, recorder: "Callable[[], Recorder]", kind: bytes, held: "Held | None") -> int:
    """The CLI's wait status. Whatever fails of ours after it has started ends the session: it is never run twice."""
    try:
        return run(program, recorder, kind, held)
    except UnstartedError as error:
        say("%s: %s" % (shown(program.path), error))
        return unstarted(error.number)
    except Exception as error:  # the relay's own guard; the terminal is restored by now
        if not program.is_started:
            raise
        say("the relay failed (%s: %s): the session is over" % (type(error).__name__, error))
        posix._exit(COULD_NOT_GUARD)


def write_end(folder: Folder, status: int, gap: int) -> None:
    """The end record; a full disk must not change how we leave."""
    try:
        folder.end(status, gap)
    except OSError as error:
        say("the end of the session could not be written (%s)" % error.strerror)


def timeout_of(plan: Plan) -> float:
    """How long strict waits for the verdict, in seconds."""
    return float(plan.one(b"verdict-timeout", VERDICT_TIMEOUT_S))


def tell(facts: Facts, recorder: "Recorder") -> None:
    """The last note, if there is one."""
    from guardrail_proxy.run.left_behind import leave_behind  # at the end only

    leave_behind(recorder)
    note = recorder.last_note() if wants_note(facts) else ""
    if note:
        say(note)


def wants_note(facts: Facts) -> bool:
    """Whether standard says its line: on a terminal, and not below what a full-screen program left there."""
    quiet = facts.plan.one(b"quiet", b"auto")
    is_full_screen = facts.kind == b"pty" and not facts.call.is_oneshot
    return facts.place.terminals[2] and (quiet == b"no" or (quiet == b"auto" and not is_full_screen))


def size_of(facts: Facts) -> bytes:
    """The window's size as ``COLSxROWS``; b'' where stdout is no terminal."""
    if not facts.place.terminals[1]:
        return b""
    from guardrail_proxy.run.terminal import columns_rows, window_size  # not for a pipe

    return b"%dx%d" % columns_rows(window_size(1))
