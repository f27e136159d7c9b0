"""HOT. What the user types, on its way to the CLI."""

import posix

from guardrail_proxy.run.descriptors import try_write
from guardrail_proxy.run.pump import Queue
from guardrail_proxy.run.terminal import Terminal, window_size

CHUNK = 1 << 16


class Keyboard:
    """``is_ours``: keys are for our job; ``is_gone``: the user's terminal was hung up."""

    __slots__ = ("is_gone", "is_ours", "master", "queue", "terminal")

    def __init__(self, master: int, terminal: Terminal) -> None:
        self.master, self.terminal = master, terminal
        self.queue = Queue()
        self.is_ours = self.is_gone = False

    def wants_keys(self) -> bool:
        """Whether to read on."""
        return self.is_ours and self.queue.wants_more()

    def read(self) -> None:
        """Take what was typed."""
        try:
            data = posix.read(self.terminal.input, CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self.put(data)
        else:
            self._at_end()

    def put(self, data: bytes) -> None:
        """Keys for the CLI."""
        self.queue.put(data)
        self.flush()

    def flush(self) -> None:
        """Write what the CLI's terminal takes now."""
        waiting = self.queue.waiting
        if waiting:
            try:
                self.queue.written(try_write(self.master, waiting))
            except OSError:
                self.queue.clear()

    def _at_end(self) -> None:
        """No more keys: because the terminal is gone, or because somebody else reads it."""
        self.is_ours = False
        try:
            window_size(self.terminal.input)
        except OSError:
            self.is_gone = True
