"""HOT. The hook client: what the CLI says on stdin goes to the session's gate, the gate's answer back to the CLI."""

import _socket
import posix
from errno import ECONNREFUSED, ENOENT
from select import poll

ANSWER_S = 10.0
CONNECT_STEPS, CONNECT_STEP_MS = 100, 50
"""The gate is bound while the CLI boots: a hook may be earlier."""
MOST_BYTES = 64 << 20
STRICT = "strict"


class UnansweredError(Exception):
    """The gate gave no answer; the message says why."""


def main(mode: str, folder: "bytes | None") -> None:
    """Ask the gate of the session in ``folder``; exit as it says. Does not return."""
    try:
        payload = read_all(0)
        answer = ask(folder, payload)
        out, _, err = answer[1:].partition(b"\0")
        write(1, out)
        write(2, err)
        posix._exit(answer[0])
    except (UnansweredError, OSError) as error:
        if mode == STRICT:
            write(
                2, ("guardrail-proxy blocked this: the gate did not answer (%s)\n" % error).encode("utf-8", "replace")
            )
            posix._exit(2)
        posix._exit(0)


def ask(folder: "bytes | None", payload: bytes) -> bytes:
    """The gate's answer: exit status, stdout, NUL, stderr."""
    if not folder:
        raise UnansweredError("this call belongs to no guarded session")
    gate = connect(folder)
    gate.settimeout(ANSWER_S)
    gate.sendall(len(payload).to_bytes(4, "little") + payload)
    size = int.from_bytes(receive(gate, 4), "little")
    if not 0 < size < MOST_BYTES:
        raise UnansweredError("an answer of %d bytes" % size)
    return receive(gate, size)


def connect(folder: bytes) -> _socket.socket:
    """The gate's socket; a path longer than a socket's name may be is reached from inside the folder."""
    posix.chdir(folder)
    gate = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    for _ in range(CONNECT_STEPS):
        error = gate.connect_ex(b"hook.sock")
        if not error:
            return gate
        if error not in (ENOENT, ECONNREFUSED) or posix.access(b"end.json", posix.F_OK):
            raise UnansweredError(posix.strerror(error))
        poll().poll(CONNECT_STEP_MS)
    raise UnansweredError("nobody listens")


def receive(gate: _socket.socket, count: int) -> bytes:
    """Exactly so many bytes."""
    pieces: "list[bytes]" = []
    while count:
        piece = gate.recv(min(count, 1 << 20))
        if not piece:
            raise UnansweredError("the gate hung up")
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)


def read_all(fd: int) -> bytes:
    """Everything up to the end of file, bounded."""
    pieces: "list[bytes]" = []
    size = 0
    while size <= MOST_BYTES:
        piece = posix.read(fd, 1 << 16)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
    raise UnansweredError("a payload of over %d bytes" % MOST_BYTES)


def write(fd: int, data: bytes) -> None:
    """Write it all."""
    while data:
        data = data[posix.write(fd, data) :]
