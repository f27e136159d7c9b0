"""HOT. Signals as bytes in a pipe, so that one poll waits for everything."""

import _signal
import posix

from guardrail_proxy.run.descriptors import new_pipe

FORWARDED = (
    _signal.SIGTERM,
    _signal.SIGHUP,
    _signal.SIGINT,
    _signal.SIGQUIT,
    _signal.SIGUSR1,
    _signal.SIGUSR2,
    _signal.SIGALRM,
    _signal.SIGTSTP,
)
"""What somebody sends to us is meant for the CLI."""


def noted(*_: object) -> None:
    """A handler that does nothing: the number goes into the pipe."""


def pipe_of(numbers: "tuple[int, ...]") -> "tuple[int, int]":
    """A pipe that gets the number of each of these signals as a byte: (read end, write end)."""
    read_end, write_end = new_pipe()
    posix.set_blocking(read_end, False)
    posix.set_blocking(write_end, False)
    _signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    for number in numbers:
        _signal.signal(number, noted)
    return read_end, write_end


def forget_all() -> None:
    """In a process of ours that nobody sends anything: no signal is caught or blocked any more, none waits.

    What the user ignored is ignored.
    """
    _signal.set_wakeup_fd(-1)
    for number in range(1, _signal.NSIG):
        if _signal.getsignal(number) == _signal.SIG_IGN:
            continue
        try:
            _signal.signal(number, _signal.SIG_IGN)  # takes away one that waits
            _signal.signal(number, _signal.SIG_DFL)
        except (OSError, ValueError):
            continue  # SIGKILL, SIGSTOP, those of the C library
    _signal.pthread_sigmask(_signal.SIG_SETMASK, ())


def arrived(read_end: int) -> bytes:
    """The numbers that have come."""
    try:
        return posix.read(read_end, 1024)
    except BlockingIOError:
        return b""
