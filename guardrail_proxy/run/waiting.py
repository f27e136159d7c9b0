"""HOT. One poll for everything: what is wanted is told anew each time, and registered only where it changed."""

from select import POLLIN, poll


class Waiting:
    """A poll object and what it was last told."""

    __slots__ = ("registered", "poll")

    def __init__(self) -> None:
        self.registered: "dict[int, int]" = {}
        self.poll = poll()

    def events(self, wanted: "dict[int, int]", within_ms: "int | None" = None) -> "list[tuple[int, int]]":
        """Wait for one of ``wanted`` (descriptor -> events); returns what has come, [] when nothing has.

        ``within_ms``: None waits without an end.
        """
        if wanted != self.registered:
            for fd in self.registered:
                if fd not in wanted:
                    self.poll.unregister(fd)
            for fd, what in wanted.items():
                self.poll.register(fd, what)
            self.registered = wanted
        return self.poll.poll(within_ms)


def is_ready(fd: int) -> bool:
    """Whether there is something to read, or an end of file."""
    look = poll()
    look.register(fd, POLLIN)
    return bool(look.poll(0))
