"""HOT. A way out of a circle: a program on PATH that has the CLI's name and calls it by that name leads back to us.

Each time around is a child session, until they are nested too deep. Then the last program of that name on PATH is run,
once: who comes back even then is refused.
"""

import posix

from guardrail_proxy.run.child import Program
from guardrail_proxy.run.descriptors import say
from guardrail_proxy.run.find import programs

MARK = b"GUARDRAIL_TOO_DEEP"
REFUSED = 78


def leave_the_circle(program: Program, shims: bytes) -> None:
    """Let the program be the last of its name on PATH, and its environment say so. Does not return the second time."""
    name = program.argv[0]
    if MARK in program.env:
        say("refused: AI CLIs are nested too deep, or a %s on PATH calls itself" % name.decode("utf-8", "replace"))
        posix._exit(REFUSED)
    program.env[MARK] = b"1"
    for file in programs(name, program.env.get(b"PATH", b"/bin:/usr/bin"), shims):
        program.path = file
