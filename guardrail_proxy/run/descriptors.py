"""HOT. File descriptors at the edge: reserved, moved out of the child's way, closed, written to the end."""

import fcntl
import posix

FIRST_OWN = 10
"""Our own descriptors start here: 0 to 9 are what shells hand out."""
SET_PIPE_SIZE = 1031
"""F_SETPIPE_SZ of Linux; fcntl names it from Python 3.10 on."""
PIPE_BYTES = 1 << 20
OWN_DESCRIPTOR = "/proc/self/fd/%d"  # only Linux opens it anew
LISTINGS = ("/proc/self/fd", "/dev/fd")
"""Of a process's own descriptors: Linux, and all others."""


def reserve_low() -> "list[int]":
    """Put a placeholder on each of 0, 1, 2 that is closed, so that nothing of ours lands there; return those."""
    closed = []
    for fd in (0, 1, 2):
        try:
            fcntl.fcntl(fd, fcntl.F_GETFD)
        except OSError:
            closed.append(fd)
            posix.open(b"/dev/null", posix.O_RDWR | posix.O_CLOEXEC)
    return closed


def moved_up(fd: int) -> int:
    """The same description on a descriptor of ours; the old one is closed."""
    if fd >= FIRST_OWN:
        return fd
    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, FIRST_OWN)
    posix.close(fd)
    return moved


def new_pipe() -> "tuple[int, int]":
    """A pipe on descriptors of ours, closed on exec: (read end, write end)."""
    read_end, write_end = posix.pipe()
    return moved_up(read_end), moved_up(write_end)


def own_description(pipe: int) -> int:
    """A pipe under a description of our own that does not block: O_NONBLOCK on an inherited one would be others' too.

    The same descriptor where it is no pipe, or cannot be opened anew (macOS, another user's).
    """
    try:
        if posix.fstat(pipe).st_mode & 0o170000 == 0o010000:
            return moved_up(posix.open(OWN_DESCRIPTOR % pipe, posix.O_WRONLY | posix.O_NONBLOCK | posix.O_CLOEXEC))
    except OSError:
        pass
    return pipe


def widen(pipe: int) -> None:
    """Let a pipe take more without a switch of processes, where the system allows it."""
    try:
        fcntl.fcntl(pipe, SET_PIPE_SIZE, PIPE_BYTES)
    except OSError:
        return


def close_all_but(kept: "set[int]") -> None:
    """Close every inherited descriptor, so that whoever reads its other end sees the end of file."""
    for fd in open_ones():
        if fd not in kept:
            try:
                posix.close(fd)
            except OSError:
                continue


def open_ones() -> "list[int]":
    """Every open descriptor; without a listing, those that a process is likely to have."""
    for listing in LISTINGS:
        try:
            return [int(name) for name in posix.listdir(listing)]
        except (OSError, ValueError):
            continue
    return list(range(256))


def write_all(fd: int, data: bytes) -> None:
    """Write every byte, waiting for room where the descriptor does not block."""
    while data:
        try:
            data = data[posix.write(fd, data) :]
        except BlockingIOError:
            wait_for_room(fd)


def wait_for_room(fd: int) -> None:
    """Block until the descriptor takes bytes again."""
    from select import POLLOUT, poll  # not for a call that we only execute

    room = poll()
    room.register(fd, POLLOUT)
    room.poll()


def try_write(fd: int, data: bytes) -> int:
    """How many bytes went out without waiting; 0 when there is no room."""
    try:
        return posix.write(fd, data)
    except BlockingIOError:
        return 0


def say(line: str) -> None:
    """One line of ours on stderr; a closed stderr is no error."""
    try:
        write_all(2, ("guardrail-proxy: " + line + "\n").encode("utf-8", "replace"))
    except OSError:
        return
