"""HOT. What strict holds back of a piped answer until the verdict: stdout, and stderr of a CLI that answers there."""

from guardrail_proxy.run.descriptors import write_all


class Held:
    """Output in memory; past the limit it is only counted, and the answer stays withheld. ``fds``: what is held."""

    __slots__ = ("fds", "limit", "pieces", "size")

    def __init__(self, limit: int, fds: "tuple[int, ...]") -> None:
        self.limit, self.fds, self.size = limit, fds, 0
        self.pieces: "list[tuple[int, bytes]]" = []

    def put(self, fd: int, data: bytes) -> None:
        """Keep what is meant for a descriptor, while all of it fits."""
        self.size += len(data)
        if self.fits():
            self.pieces.append((fd, data))
        else:
            self.pieces.clear()

    def fits(self) -> bool:
        """Whether all of it is here."""
        return self.size <= self.limit

    def release(self) -> None:
        """Write it, in the order it came; a reader who has gone is no error of ours."""
        gone = set()
        for fd, piece in self.pieces:
            if fd not in gone:
                try:
                    write_all(fd, piece)
                except OSError:
                    gone.add(fd)
