"""HOT. A call that speaks a protocol on stdio: every descriptor is the CLI's own, we only wait for it."""

import _signal
from select import POLLIN

from guardrail_proxy.run.bystander import WATCHED, Bystander
from guardrail_proxy.run.child import Program, fork_program
from guardrail_proxy.run.descriptors import close_all_but, new_pipe
from guardrail_proxy.run.recorder import Recorder
from guardrail_proxy.run.waiting import Waiting


def run_protocol(program: Program, recorder: Recorder) -> int:
    """Run the program; return its wait status."""
    program.mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, WATCHED)
    bystander = Bystander()
    child = fork_program(program, new_pipe(), {})
    close_all_but({2, bystander.events, bystander.events_to, recorder.lock})
    recorder.start()
    bystander.watch(child)
    waiting = Waiting()
    while bystander.status < 0:
        for fd, _ in waiting.events({bystander.events: POLLIN, **recorder.wanted()}):
            if fd == bystander.events:
                bystander.look()
            else:
                recorder.handle(fd)
    return bystander.status
