"""HOT. One question to a program of our own: bytes in, bytes out."""

import _signal
import posix
from errno import ETIMEDOUT
from select import POLLIN, POLLOUT, poll
from time import monotonic

from guardrail_proxy.run.descriptors import new_pipe, try_write

ANSWER_S = 60.0
"""A home on a disk that does not answer must not hold a call for ever."""


def ask(words: "list[bytes]", question: bytes, env: "dict[bytes, bytes]") -> "tuple[int, bytes]":
    """Run the program; return (exit status, what it wrote). Raises OSError when it cannot be started, or has no end."""
    question_read, question_to = new_pipe()
    answer, answer_to = new_pipe()
    actions = [(posix.POSIX_SPAWN_DUP2, question_read, 0), (posix.POSIX_SPAWN_DUP2, answer_to, 1)]
    child = posix.posix_spawn(words[0], words, env, file_actions=actions)
    posix.close(question_read)
    posix.close(answer_to)
    posix.set_blocking(question_to, False)
    try:
        text = exchange(question_to, question, answer)
    except OSError:
        posix.kill(child, _signal.SIGKILL)
        raise
    _, status = posix.waitpid(child, 0)
    return (posix.WEXITSTATUS(status) if posix.WIFEXITED(status) else 1), text


def exchange(question_to: int, question: bytes, answer: int) -> bytes:
    """Write and read until the other side is done. Raises OSError when it is not in time."""
    pieces: "list[bytes]" = []
    wait = poll()
    wait.register(answer, POLLIN)
    wait.register(question_to, POLLOUT)
    writing = True
    end = monotonic() + ANSWER_S
    while True:
        events = wait.poll(max(0.0, end - monotonic()) * 1000)
        if not events:
            raise OSError(ETIMEDOUT, "no answer within %g s" % ANSWER_S)
        for fd, _ in events:
            if fd == answer:
                piece = posix.read(answer, 65536)
                if not piece:
                    posix.close(answer)
                    return b"".join(pieces)
                pieces.append(piece)
            elif writing:
                question = unsent(question_to, question)
                if not question:
                    writing = False
                    wait.unregister(question_to)
                    posix.close(question_to)


def unsent(question_to: int, question: bytes) -> bytes:
    """What is left of it; nothing when nobody reads it."""
    try:
        return question[try_write(question_to, question) :]
    except OSError:
        return b""
