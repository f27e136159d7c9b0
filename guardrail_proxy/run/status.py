"""HOT. Leaving as the child left: its exit status, its signal, or the reason it could not start."""

import _signal
import posix


def leave_as(status: int) -> None:
    """End this process the way a wait status says; does not return."""
    if not posix.WIFSIGNALED(status):
        posix._exit(posix.WEXITSTATUS(status))
    number = posix.WTERMSIG(status)
    no_core_dump()
    if number not in (_signal.SIGKILL, _signal.SIGSTOP):
        _signal.signal(number, _signal.SIG_DFL)
    _signal.pthread_sigmask(_signal.SIG_SETMASK, ())
    posix.kill(posix.getpid(), number)
    posix._exit(128 + number)


def no_core_dump() -> None:
    """The child has dumped its own core; ours would be a second one."""
    try:
        import resource  # only needed here, and costs a file look-up

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return


def unstarted(number: int) -> int:
    """The wait status that a shell gives a program which cannot be executed."""
    from errno import EACCES, ENOEXEC  # seldom

    return (126 if number in (EACCES, ENOEXEC) else 127) << 8


def described(status: int) -> bytes:
    """A wait status in the words of the sidecar's protocol."""
    if posix.WIFSIGNALED(status):
        return b"signal %d" % posix.WTERMSIG(status)
    return b"exit %d" % posix.WEXITSTATUS(status)
