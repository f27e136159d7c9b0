"""HOT. Frames that wait for the sidecar, without any descriptor: bounded, in order, every dropped byte counted."""

from time import monotonic_ns

BYTES_MOST = 1 << 20
"""What may wait, beside a pipe of as much; beyond it output is dropped and counted."""


class Backlog:
    """``frames``: (bytes still to write, output bytes in it); ``gap``: output bytes dropped since the start."""

    __slots__ = ("frames", "gap", "limit", "size", "started_ns", "unsaid")

    def __init__(self, started_ns: int, limit: int = BYTES_MOST) -> None:
        self.started_ns, self.limit = started_ns, limit
        self.frames: "list[tuple[bytes, int]]" = []
        self.size = self.gap = self.unsaid = 0

    def put(self, kind: bytes, data: bytes) -> None:
        """A frame that must not be lost."""
        self._insert(len(self.frames), kind, data, 0)

    def put_first(self, kind: bytes, data: bytes) -> None:
        """A frame before all that wait: a new sidecar's first."""
        self._insert(0, kind, data, 0)

    def output(self, data: bytes) -> None:
        """Output of the CLI: a frame, or a gap when too much waits."""
        if self.size + len(data) > self.limit:
            self.gap += len(data)
            self.unsaid += len(data)
            return
        self.say_gap()
        self._insert(len(self.frames), b"o", data, len(data))

    def say_gap(self) -> None:
        """Tell of bytes dropped since the last frame."""
        if self.unsaid:
            unsaid, self.unsaid = self.unsaid, 0
            self.put(b"g", b"%d" % unsaid)

    def _insert(self, at: int, kind: bytes, data: bytes, output: int) -> None:
        time_us = (monotonic_ns() - self.started_ns) // 1000
        frame = kind + time_us.to_bytes(7, "little") + len(data).to_bytes(4, "little") + data
        self.frames.insert(at, (frame, output))
        self.size += len(frame)

    def written(self, count: int) -> bool:
        """The first ``count`` bytes of the first frame went out; whether all of it did."""
        frame, output = self.frames[0]
        self.size -= count
        if count < len(frame):
            self.frames[0] = (frame[count:], output)
            return False
        del self.frames[0]
        return True

    def drop(self, more: int) -> None:
        """Nobody will read what waits, nor ``more`` bytes that are on their way."""
        lost = sum(output for _, output in self.frames) + more
        self.gap += lost
        self.unsaid += lost
        self.frames, self.size = [], 0
