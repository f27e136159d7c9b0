"""HOT. Stage 2: the real CLI behind a terminal of its own, a pipe, or neither; returns how it ended."""

import posix

__all__ = ["run"]

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from collections.abc import Callable

    from guardrail_proxy.run.child import Program
    from guardrail_proxy.run.held import Held
    from guardrail_proxy.run.recorder import Recorder


def run(program: "Program", recorder: "Callable[[], Recorder]", kind: bytes, held: "Held | None") -> int:
    """Run the program as ``kind`` says (``pty``, ``pipe`` or ``protocol``); return its wait status.

    ``recorder`` is asked for when the program is on its way.

    Raises UnstartedError when it cannot be executed; OSError before it has started, when we cannot run it.
    """
    if kind == b"pty":
        from guardrail_proxy.run.pty import run_pty  # each way loads what it needs, nothing of the others

        return run_pty(program, recorder, tuple(fd not in program.closed and posix.isatty(fd) for fd in (0, 1, 2)))
    if kind == b"protocol":
        from guardrail_proxy.run.protocol import run_protocol

        return run_protocol(program, recorder)
    from guardrail_proxy.run.pipe import run_pipe

    return run_pipe(program, recorder, held)
