"""HOT. What a shim runs: plan -> context -> run, around the real CLI found behind it on PATH."""

import posix

from guardrail_proxy.context.call import Call
from guardrail_proxy.context.carried import given
from guardrail_proxy.context.facts import Facts, Place, working_directory
from guardrail_proxy.context.mode import DEPTH_MOST, STRICT, Choice, choose_mode
from guardrail_proxy.context.permission import COULD_NOT_GUARD, RunBareError, StrictRefusalError, permit, shown
from guardrail_proxy.plan import Plan, PlanError, load_plan
from guardrail_proxy.run.child import Program
from guardrail_proxy.run.descriptors import reserve_low, say
from guardrail_proxy.run.find import find_real
from guardrail_proxy.run.status import unstarted

NOT_FOUND = 127
CANARY = b"GUARDRAIL_CANARY"  # of doctor


def main(cli: str, home: bytes, shim_mode: str, argv: "list[bytes]", env: "dict[bytes, bytes]") -> None:
    """Run the CLI behind the shim. ``argv`` is without argv[0], ``env`` as the shim was given it. Does not return.

    Raises only what is a bug of ours, and only before the CLI has started.
    """
    name = cli.encode()
    if CANARY in env:
        from guardrail_proxy.run.canary import answer  # only when doctor asks

        answer(home, env[CANARY], name)
    program = Program(b"", [name], argv, given(env), reserve_low())
    plan, broken = load_plan(home + b"/plans/" + name + b".plan")
    choice = choose_mode(plan, shim_mode.encode(), home, env, working_directory())
    program.path = find_real(name, env.get(b"PATH", b"/bin:/usr/bin"), home + b"/shims") or plan.one(b"real-hint")
    if choice.depth > DEPTH_MOST:
        from guardrail_proxy.run.deep import leave_the_circle  # else nobody needs it

        leave_the_circle(program, home + b"/shims")
    if not program.path:
        say("no %s behind the shim on PATH: install it, or run guardrail-proxy uninstall" % cli)
        posix._exit(NOT_FOUND)
    begin(plan, broken, choice, program, Place(home, working_directory(), program.path, env, terminals(program)))


def begin(plan: Plan, broken: "PlanError | None", choice: Choice, program: Program, place: Place) -> None:
    """Run the program behind the guard, or as its mode says where that cannot be. Does not return."""
    try:
        if broken is not None:
            raise broken
        call = Call(plan, program.argv[len(program.lead) :])
        permit(plan, call, choice, place.env)
        from guardrail_proxy.guard import guard  # housekeeping has left by now, and loads none of it

        guard(Facts(plan, call, choice, place), program)
    except (RunBareError, StrictRefusalError, PlanError, OSError) as error:
        fall_back(error, choice.mode, program)


def terminals(program: Program) -> "tuple[bool, ...]":
    """Which of 0, 1, 2 are one."""
    return tuple(fd not in program.closed and posix.isatty(fd) for fd in (0, 1, 2))


def fall_back(reason: Exception, mode: bytes, program: Program) -> None:
    """Our side does not guard this call: strict refuses, standard runs the real CLI. Does not return."""
    if isinstance(reason, RunBareError):
        line = str(reason)
    elif mode == STRICT:
        say("refused: %s" % reason)
        posix._exit(COULD_NOT_GUARD)
    else:
        line = "%s; running %s unguarded" % (reason, shown(program.argv[0]))
    if line:
        say(line)
    execute(program)


def execute(program: Program) -> None:
    """Become the program, unguarded; leave as a shell would where that fails. Does not return."""
    try:
        program.execute()
    except OSError as error:
        say("%s: %s" % (shown(program.path), error.strerror))
        posix._exit(unstarted(error.errno or 0) >> 8)
