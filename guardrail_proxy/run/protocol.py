"""HOT. A call that speaks a protocol on stdio: every descriptor is the CLI's own, we only wait for it."""

import _signal
from select import POLLIN

from guardrail_proxy.run.bystander import WATCHED, Bystander
from guardrail_proxy.run.child import Program, fork_program
from guardrail_proxy.run.descriptors import close_all_but, new_pipe
from guardrail_proxy.run.waiting import Waiting

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from collections.abc import Callable

    from guardrail_proxy.run.recorder import Recorder


def run_protocol(program: Program, ask_recorder: "Callable[[], Recorder]") -> int:
    """Run the program; return its wait status."""
    program.mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, WATCHED)
    bystander = Bystander()
    child = fork_program(program, new_pipe(), {})
    recorder = ask_recorder()
    close_all_but({2, bystander.events, bystander.events_to, recorder.lock})
    recorder.begin()
    bystander.watch(child, recorder)
    waiting = Waiting()
    while bystander.status < 0:
        ready = waiting.events({bystander.events: POLLIN, **recorder.wanted()}, recorder.due_in_ms())
        if not ready:
            recorder.do_due()
        for fd, _ in ready:
            if fd == bystander.events:
                bystander.look()
            else:
                recorder.handle(fd)
    return bystander.status
