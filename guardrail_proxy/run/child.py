"""HOT. The last steps before the real CLI is executed: everything as the shim itself was given it."""

import _signal
import posix

PYTHON_IGNORES = (_signal.SIGPIPE, _signal.SIGXFSZ)
"""Python ignores these at its start; the child must not inherit that."""


class UnstartedError(Exception):
    """The program could not be executed; ``number`` is the errno."""

    def __init__(self, number: int) -> None:
        super().__init__(posix.strerror(number))
        self.number = number


class Program:
    """What to execute: path, argv, environment, and which of 0, 1, 2 were closed.

    ``lead`` are the words before the user's own: argv[0] and, where an interpreter runs the CLI, the CLI's script.
    """

    __slots__ = ("path", "lead", "argv", "env", "closed", "ignores_children", "mask", "is_started")

    def __init__(
        self, path: bytes, lead: "list[bytes]", argv: "list[bytes]", env: "dict[bytes, bytes]", closed: "list[int]"
    ) -> None:
        self.path, self.lead, self.argv, self.env, self.closed = path, lead, lead + argv, env, closed
        self.ignores_children = _signal.getsignal(_signal.SIGCHLD) == _signal.SIG_IGN
        self.mask = _signal.pthread_sigmask(_signal.SIG_BLOCK, ())
        self.is_started = False

    def changed(self, argv: "list[bytes]", env: "dict[bytes, bytes]") -> "Program":
        """The same program with other words of the user's and another environment."""
        return Program(self.path, self.lead, argv, env, self.closed)

    def execute(self) -> None:
        """Become the program. Raises OSError when that fails, returns never."""
        for number in PYTHON_IGNORES:
            _signal.signal(number, _signal.SIG_DFL)
        if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
            _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
        if self.ignores_children:
            _signal.signal(_signal.SIGCHLD, _signal.SIG_IGN)
        _signal.pthread_sigmask(_signal.SIG_SETMASK, self.mask)
        for fd in self.closed:
            posix.close(fd)
        posix.execve(self.path, self.argv, self.env)

    def become(self, errors: int) -> None:
        """In a forked process: execute it; on failure the error number goes to ``errors``. Does not return."""
        try:
            self.execute()
        except OSError as error:
            posix.write(errors, b"%d" % (error.errno or 0))
        finally:
            posix._exit(127)


def fork_program(program: Program, errors: "tuple[int, int]", sinks: "dict[int, int]") -> int:
    """Fork while small and execute; returns the child's pid. ``sinks``: descriptors of the child -> what they become.

    Raises UnstartedError when it cannot be executed.
    """
    failure, fail_to = errors
    if program.ignores_children:
        _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)  # or its status would be lost
    child = posix.fork()
    if not child:
        for fd, sink in sinks.items():
            posix.dup2(sink, fd)
        program.become(fail_to)
    program.is_started = True
    posix.close(fail_to)
    number = posix.read(failure, 20)
    posix.close(failure)
    if number:
        posix.waitpid(child, 0)
        raise UnstartedError(int(number))
    return child
