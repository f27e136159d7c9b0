"""HOT. What the CLI writes, on its way to the user's terminal."""

import posix

from guardrail_proxy.run.descriptors import try_write, write_all
from guardrail_proxy.run.pump import LineEnds, Queue
from guardrail_proxy.run.recorder import Recorder
from guardrail_proxy.run.terminal import Terminal

CHUNK = 1 << 16


class Screen:
    """``is_gone``: the user's terminal does not take bytes any more."""

    __slots__ = ("is_gone", "line_ends", "master", "queue", "recorder", "terminal")

    def __init__(self, master: int, terminal: Terminal, recorder: Recorder) -> None:
        self.master, self.terminal, self.recorder = master, terminal, recorder
        self.queue, self.line_ends = Queue(), LineEnds()
        self.is_gone = False

    def read(self) -> None:
        """Take a chunk of the CLI's output and pass on what fits."""
        try:
            data = posix.read(self.master, CHUNK)
        except OSError:
            return  # nothing now; a hang-up is seen elsewhere
        self.recorder.output(data)
        self.queue.put(self._as_shown(data))
        self.flush()

    def _as_shown(self, data: bytes) -> bytes:
        """A terminal in cooked mode adds its own CR."""
        return self.line_ends.rest() + data if self.terminal.is_raw else self.line_ends.feed(data)

    def turned_raw(self) -> None:
        """The terminal was cooked until now: to what still waits it will not add the CRs any more."""
        self.queue.waiting = self.queue.waiting.replace(b"\n", b"\r\n")

    def flush(self) -> None:
        """Write what the terminal takes now."""
        waiting, out = self.queue.waiting, self.terminal.out
        if not waiting:
            return
        try:
            self.queue.written(posix.write(out, waiting) if self.terminal.out_waits else try_write(out, waiting))
        except OSError:
            self.queue.clear()
            self.is_gone = True

    def drain(self) -> bool:
        """Copy all that is readable now, however long it takes; whether somebody still holds the inner terminal."""
        out = self.terminal.out
        try:
            write_all(out, self.queue.waiting)
            self.queue.clear()
            while True:
                try:
                    data = posix.read(self.master, CHUNK)
                except BlockingIOError:
                    return True
                if not data:
                    return False
                self.recorder.output(data)
                write_all(out, self._as_shown(data))
        except OSError:
            return False

    def finish(self) -> bool:
        """The CLI has ended: its last bytes; whether somebody else goes on writing."""
        is_held = self.drain()
        try:
            write_all(self.terminal.out, self.line_ends.rest())
        except OSError:
            return False
        return is_held
