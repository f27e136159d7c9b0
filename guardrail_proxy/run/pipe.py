"""HOT. stdout is no terminal: same session and process group, only stdout passes through us; strict holds it back.

Of a CLI that tells its answer on stderr too, strict holds both.
"""

import _signal
import posix
from select import POLLIN

from guardrail_proxy.run.bystander import WATCHED, Bystander
from guardrail_proxy.run.child import Program, fork_program
from guardrail_proxy.run.descriptors import close_all_but, new_pipe, widen, write_all
from guardrail_proxy.run.waiting import Waiting

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from collections.abc import Callable

    from guardrail_proxy.run.held import Held
    from guardrail_proxy.run.recorder import Recorder

CHUNK = 1 << 18


def run_pipe(program: Program, ask_recorder: "Callable[[], Recorder]", held: "Held | None") -> int:
    """Run the program with its stdout through us, and what else strict holds; return its wait status."""
    program.mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, WATCHED)
    pipes = {fd: new_pipe() for fd in (held.fds if held else (1,)) if fd not in program.closed}
    for _, sink in pipes.values():
        widen(sink)
    errors = new_pipe()
    bystander = Bystander()
    child = fork_program(program, errors, {fd: sink for fd, (_, sink) in pipes.items()})
    recorder = ask_recorder()
    sources = {source for source, _ in pipes.values()}
    close_all_but(sources | {1, 2, bystander.events, bystander.events_to, recorder.lock})
    recorder.begin()
    bystander.watch(child, recorder)
    streams = [Stream(source, fd, recorder, held) for fd, (source, _) in pipes.items()]

    def copy_all() -> None:
        copy(streams, bystander, recorder)
        for stream in streams:
            if not stream.is_at_end and stream.drain() and held is None:
                stream.leave_pump(program.mask)

    bystander.copying(copy_all)
    return bystander.status


def copy(streams: "list[Stream]", bystander: Bystander, recorder: "Recorder") -> None:
    """Copy until the child has ended."""
    waiting = Waiting()
    while bystander.status < 0:
        wanted = {bystander.events: POLLIN, **recorder.wanted()}
        open_streams = {stream.source: stream for stream in streams if not stream.is_at_end}
        wanted.update(dict.fromkeys(open_streams, POLLIN))
        ready = waiting.events(wanted, recorder.due_in_ms())
        if not ready:
            recorder.do_due()
        for fd, _ in ready:
            if fd in open_streams:
                open_streams[fd].pass_on()
            elif fd == bystander.events:
                bystander.look()
            else:
                recorder.handle(fd)


class Stream:
    """The child's stdout (or stderr) on its way to ours; only stdout is recorded."""

    __slots__ = ("held", "is_at_end", "is_broken", "recorder", "source", "target")

    def __init__(self, source: int, target: int, recorder: "Recorder", held: "Held | None") -> None:
        self.source, self.target, self.recorder, self.held = source, target, recorder, held
        self.is_at_end = self.is_broken = False

    def pass_on(self) -> None:
        """One chunk; the end of file on either side is passed on at once."""
        data = posix.read(self.source, CHUNK)
        if data:
            self._put(data)
        elif self.held is None:
            posix.close(self.target)  # whoever reads us sees the end as early as bare
        if self.is_broken:
            posix.close(self.source)  # the child gets the SIGPIPE that we got
        self.is_at_end = not data or self.is_broken

    def _put(self, data: bytes) -> None:
        if self.held is not None:
            self.held.put(self.target, data)
        else:
            try:
                write_all(self.target, data)
            except OSError:
                self.is_broken = True
        if self.target == 1:
            self.recorder.output(data)

    def drain(self) -> bool:
        """What the child wrote last; whether a grandchild still holds the pipe."""
        posix.set_blocking(self.source, False)
        try:
            while not self.is_broken:
                data = posix.read(self.source, CHUNK)
                if not data:
                    return False
                self._put(data)
        except BlockingIOError:
            return True
        return False

    def leave_pump(self, mask: "set[int]") -> None:
        """A process of its own goes on copying for the grandchild."""
        if posix.fork():
            return
        try:
            _signal.pthread_sigmask(_signal.SIG_SETMASK, mask)
            posix.set_blocking(self.source, True)
            close_all_but({self.source, self.target})
            while True:
                data = posix.read(self.source, CHUNK)
                if not data:
                    break
                write_all(self.target, data)
        finally:
            posix._exit(0)
