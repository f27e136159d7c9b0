"""HOT. The end of a strict run: wait for the verdict, then release what was held, or say why not."""

import _signal

from guardrail_proxy.run.descriptors import say
from guardrail_proxy.run.held import Held
from guardrail_proxy.run.recorder import Recorder

ENDS_THE_WAIT = (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP, _signal.SIGQUIT)


def is_approved(recorder: Recorder, held: "Held | None", seconds: float) -> bool:
    """Whether the session stands. Only then held output is released; without a verdict in time it does not."""
    for number in ENDS_THE_WAIT:
        if callable(_signal.getsignal(number)):
            _signal.signal(number, _signal.SIG_DFL)  # the CLI is gone: these end our wait, nothing is released
    why = recorder.verdict(seconds)
    if not why and held is not None and not held.fits():
        why = "the answer is longer than strict.hold_limit_bytes, so it was withheld"
    if why:
        say("not approved: " + why)
        return False
    if held is not None:
        held.release()
    return True
