"""HOT. Whether a call runs guarded, runs untouched, or is refused."""

import posix

from guardrail_proxy.context.call import Call
from guardrail_proxy.context.carried import off_switches
from guardrail_proxy.context.mode import DEPTH_MOST, STRICT, Choice
from guardrail_proxy.plan import Plan

COULD_NOT_GUARD = 78
"""Exit status of what strict refuses to run."""


class StrictRefusalError(Exception):
    """Strict cannot guard this call; the message says why and what to do."""


class RunBareError(Exception):
    """The real CLI runs without us; the message says why, '' for nothing to say."""


def permit(plan: Plan, call: Call, choice: Choice, env: "dict[bytes, bytes]") -> None:
    """Return when the call is to be guarded; raise RunBareError or StrictRefusalError when it is not."""
    if call.is_housekeeping:
        raise RunBareError("")
    if choice.is_bypassed:
        return
    if choice.mode == STRICT:
        permit_strict(plan, call, choice, env)
    elif not plan.says(b"enabled"):
        raise RunBareError("")
    elif choice.depth > DEPTH_MOST:
        raise RunBareError("AI CLIs are nested more than %d deep: this one is not recorded" % DEPTH_MOST)


def permit_strict(plan: Plan, call: Call, choice: Choice, env: "dict[bytes, bytes]") -> None:
    """Raise StrictRefusalError when strict could not keep its word."""
    cli, interpreter = shown(plan.one(b"cli")), plan.one(b"interpreter")
    switches = off_switches(plan, call, env)
    reasons = (
        (not plan.says(b"enabled"), "%s is disabled in the configuration" % cli),
        (choice.depth > DEPTH_MOST, "AI CLIs are nested more than %d deep" % DEPTH_MOST),
        (bool(plan.all(b"lacks")), "this %s does not know %s: update it, or use mode standard" % (cli, lacking(plan))),
        (not plan.says(b"hooked"), "%s is not hooked yet, so strict cannot guard it: use mode standard for it" % cli),
        (not plan.says(b"inject"), "tools.%s.inject is false, so strict cannot guard it" % cli),
        (bool(switches), "%s the guard's hooks off: leave it out, or use mode standard" % turned_off(switches)),
        (not posix.access(interpreter, posix.X_OK), "%s is gone: run install.sh again" % shown(interpreter)),
    )
    for holds, reason in reasons:
        if holds:
            raise StrictRefusalError(reason)


def lacking(plan: Plan) -> str:
    """The words of ours that the CLI's program does not know."""
    return ", ".join(shown(word) for word in plan.all(b"lacks"))


def turned_off(switches: "list[bytes]") -> str:
    """The first off-switch, named."""
    return "'%s' switches" % shown(switches[0]) if switches else ""


def shown(value: bytes) -> str:
    """Bytes in a message."""
    return value.decode("utf-8", "replace")
