"""HOT. Frames that wait for the sidecar, without any descriptor: bounded, in order, every dropped byte counted."""

from time import monotonic_ns

BYTES_MOST = 1 << 20
"""What may wait, beside a pipe of as much; beyond it output is dropped and counted."""
HEAD_BYTES = 12


class Backlog:
    """``frames``: (bytes still to write, output bytes in it); ``gap``: output bytes dropped since the start.

    Output that follows at once is one frame: ``open`` are its pieces, until ``seal``.
    """

    __slots__ = ("frames", "gap", "limit", "open", "opened_us", "size", "started_ns", "unsaid")

    def __init__(self, started_ns: int, limit: int = BYTES_MOST) -> None:
        self.started_ns, self.limit = started_ns, limit
        self.frames: "list[tuple[bytes, int]]" = []
        self.open: "list[bytes]" = []
        self.size = self.gap = self.unsaid = self.opened_us = 0

    def put(self, kind: bytes, data: bytes) -> None:
        """A frame that must not be lost."""
        self.seal()
        self._insert(len(self.frames), kind, data)

    def put_first(self, kind: bytes, data: bytes) -> None:
        """A frame before all that wait: a new sidecar's first."""
        self._insert(0, kind, data)

    def output(self, data: bytes) -> None:
        """Output of the CLI: it waits, or is a gap when too much does."""
        if self.size + len(data) > self.limit:
            self.gap += len(data)
            self.unsaid += len(data)
            return
        self.say_gap()
        if not self.open:
            self.opened_us = self._now_us()
        self.open.append(data)
        self.size += len(data)

    def seal(self) -> None:
        """Make what came since the last frame one."""
        if self.open:
            data = b"".join(self.open)
            self.open = []
            self.size += HEAD_BYTES
            self.frames.append((head(b"o", self.opened_us, data) + data, len(data)))

    def say_gap(self) -> None:
        """Tell of bytes dropped since the last frame."""
        if self.unsaid:
            unsaid, self.unsaid = self.unsaid, 0
            self.put(b"g", b"%d" % unsaid)

    def _insert(self, at: int, kind: bytes, data: bytes) -> None:
        self.frames.insert(at, (head(kind, self._now_us(), data) + data, 0))
        self.size += HEAD_BYTES + len(data)

    def _now_us(self) -> int:
        return (monotonic_ns() - self.started_ns) // 1000

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
        lost = sum(output for _, output in self.frames) + sum(map(len, self.open)) + more
        self.gap += lost
        self.unsaid += lost
        self.frames, self.open, self.size = [], [], 0


def head(kind: bytes, time_us: int, data: bytes) -> bytes:
    """Of a frame (docs/formats.md)."""
    return kind + time_us.to_bytes(7, "little") + len(data).to_bytes(4, "little")
