"""HOT. stdout is no terminal: same session and process group, only stdout passes through us; strict holds it back.

Of a CLI that tells its answer on stderr too, strict holds both.
"""

import _signal
import posix
from select import POLLIN, POLLOUT

from guardrail_proxy.run.bystander import WATCHED, Bystander
from guardrail_proxy.run.child import Program, fork_program
from guardrail_proxy.run.descriptors import PIPE_BYTES, close_all_but, new_pipe, own_description, widen, write_all
from guardrail_proxy.run.waiting import Waiting

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from collections.abc import Callable

    from guardrail_proxy.run.held import Held
    from guardrail_proxy.run.recorder import Recorder

CHUNK = 1 << 18


def run_pipe(program: Program, ask_recorder: "Callable[[], Recorder]", held: "Held | None") -> int:
    """Run the program with its stdout through us, and what else strict holds; return its wait status.

    Where it has ended, its reader does not read, and somebody wants us gone: that of who hangs there and is killed.
    """
    program.mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, WATCHED)
    pipes = {fd: new_pipe() for fd in (held.fds if held else (1,)) if fd not in program.closed}
    for _, sink in pipes.values():
        widen(sink)
    errors = new_pipe()
    bystander = Bystander()
    child = fork_program(program, errors, {fd: sink for fd, (_, sink) in pipes.items()})
    recorder = ask_recorder()
    streams = [Stream(source, fd, recorder, held) for fd, (source, _) in pipes.items()]
    kept = {fd for stream in streams for fd in (stream.source, stream.sink)}
    close_all_but(kept | {1, 2, bystander.events, bystander.events_to, recorder.lock})
    recorder.begin()
    bystander.watch(child, recorder)
    copy(streams, bystander, lambda: bystander.status < 0)
    for stream in streams:
        stream.take_rest()
    copy(streams, bystander, lambda: not bystander.asked and not posix.WIFSIGNALED(bystander.status) and waits(streams))
    status = bystander.asked if bystander.asked and waits(streams) else bystander.status
    for stream in streams if held is None else ():
        if stream.chunk or not stream.is_at_end:
            stream.leave_pump(program.mask)
    return status


def copy(streams: "list[Stream]", bystander: Bystander, goes_on: "Callable[[], bool]") -> None:
    """Copy as long as that."""
    waiting, recorder = Waiting(), bystander.recorder
    while goes_on():
        wanted = {bystander.events: POLLIN, **recorder.wanted()}
        by_fd = {}
        for stream in streams:
            for fd, what in stream.wanted().items():
                wanted[fd], by_fd[fd] = what, stream
        ready = waiting.events(wanted, recorder.due_in_ms(is_stalled=waits(streams)))
        if not ready:
            recorder.do_due()
        for fd, _ in ready:
            if fd in by_fd:
                by_fd[fd].handle()
            elif fd == bystander.events:
                bystander.look()
            else:
                recorder.handle(fd)


def waits(streams: "list[Stream]") -> bool:
    """Whether there is something that a reader has not taken."""
    return any(stream.chunk for stream in streams)


class Stream:
    """The child's stdout (or stderr) on its way to ours; only stdout is recorded.

    ``sink``: ours, under a description that does not block where there can be one. ``chunk``: what was read last and
    had no room there yet, but for the first ``sent`` bytes.
    """

    __slots__ = ("chunk", "held", "is_at_end", "is_over", "recorder", "sent", "sink", "source", "target")

    def __init__(self, source: int, target: int, recorder: "Recorder", held: "Held | None") -> None:
        self.source, self.target, self.recorder, self.held = source, target, recorder, held
        self.sink = target if held else own_description(target)
        self.is_at_end = self.is_over = False
        self.chunk, self.sent = b"", 0

    def wanted(self) -> "dict[int, int]":
        """What to poll for."""
        if self.chunk:
            return {self.sink: POLLOUT}
        return {} if self.is_at_end or self.is_over else {self.source: POLLIN}

    def handle(self) -> None:
        """One chunk; the end of file on either side is passed on at once."""
        if self.chunk:
            self._write()
            return
        data = posix.read(self.source, CHUNK)
        if data:
            self._put(data)
            return
        self.is_at_end = True
        if self.held is None:
            self._close()  # whoever reads us sees the end as early as bare

    def _put(self, data: bytes) -> None:
        if self.held is None:
            self.chunk += data
            self._write()
            return
        self.held.put(self.target, data)
        if self.target == 1:
            self.recorder.output(data)

    def _write(self) -> None:
        """What there is room for; what the reader has got is recorded."""
        try:
            self.sent += posix.write(self.sink, memoryview(self.chunk)[self.sent :])
        except BlockingIOError:
            return
        except OSError:
            posix.close(self.source)  # the child gets the SIGPIPE that we got
            self.is_at_end = True
            self._record(self.chunk[: self.sent])
            return
        if self.sent == len(self.chunk):
            self._record(self.chunk)

    def _record(self, data: bytes) -> None:
        """It has arrived, and nothing else of the chunk will."""
        if self.target == 1:
            self.recorder.output(data)
        self.chunk, self.sent = b"", 0

    def _close(self) -> None:
        posix.close(self.target)
        if self.sink != self.target:
            posix.close(self.sink)

    def take_rest(self) -> None:
        """The child is gone: what it wrote last waits here, and no more is read; a grandchild may go on."""
        self.is_over = True
        if self.is_at_end:
            return
        posix.set_blocking(self.source, False)
        size = 0
        try:
            while size < PIPE_BYTES and not self.is_at_end:
                data = posix.read(self.source, CHUNK)
                size += len(data)
                if data:
                    self._put(data)
                else:
                    self.is_at_end = True
        except BlockingIOError:
            return

    def leave_pump(self, mask: "set[int]") -> None:
        """A process of its own goes on: for a reader that is late, for a grandchild."""
        rest = self.chunk[self.sent :]
        self._record(self.chunk)
        if posix.fork():
            return
        try:
            _signal.pthread_sigmask(_signal.SIG_SETMASK, mask)
            posix.set_blocking(self.source, True)
            close_all_but({self.source, self.sink})
            write_all(self.sink, rest)
            while not self.is_at_end:
                data = posix.read(self.source, CHUNK)
                if not data:
                    break
                write_all(self.sink, data)
        finally:
            posix._exit(0)
