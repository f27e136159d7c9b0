"""HOT. The pump without any descriptor: bytes wait in a queue, line ends are put back for a cooked terminal."""

ROOM = 1 << 16
"""A queue that holds this many bytes asks for no more."""


class Queue:
    """Bytes that wait for a slow writer, in order."""

    __slots__ = ("waiting",)

    def __init__(self) -> None:
        self.waiting = b""

    def wants_more(self) -> bool:
        """Whether reading on keeps memory bounded."""
        return len(self.waiting) < ROOM

    def put(self, data: bytes) -> None:
        """Bytes that were read."""
        self.waiting = self.waiting + data if self.waiting else data

    def written(self, count: int) -> None:
        """The first ``count`` bytes went out."""
        self.waiting = self.waiting[count:]

    def clear(self) -> None:
        """Nobody will read them."""
        self.waiting = b""


class LineEnds:
    """CR LF to LF, across chunk borders: while the user's terminal is cooked it adds the CR itself."""

    __slots__ = ("held",)

    def __init__(self) -> None:
        self.held = b""

    def feed(self, data: bytes) -> bytes:
        """What may go out now; a CR at the end waits for its LF."""
        data = self.held + data
        self.held = b""
        if data[-1:] == b"\r":
            data, self.held = data[:-1], b"\r"
        return data.replace(b"\r\n", b"\n")

    def rest(self) -> bytes:
        """What waited."""
        rest, self.held = self.held, b""
        return rest
