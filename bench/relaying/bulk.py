"""Throughput: out of the child, into it, and through pipes. The shim records all of it, as always."""

import contextlib
import os
import select
import time

from relaying.call import PATIENCE_S, FailedError, between_pipes, on_terminal
from relaying.group import Figure, Group, Measured, Sizes
from relaying.peers import Peer, recording_script
from relaying.place import Place

MB = 1_000_000
LINE = b"a line of a document that is piped through, with nothing in it that anybody would mask\n"


def out(place: Place, peer: Peer, sizes: Sizes) -> Measured:
    """Escape sequences, as fast as the child can."""
    size = sizes.out_mb * MB
    with on_terminal(place, peer, "hold", str(place.times), str(size)) as call:
        call.settle(place)
        began, left = time.perf_counter(), size
        call.press(b"b")
        while left > 0:
            data = call.read()
            if not data:
                raise FailedError(f"ended {left} bytes before the end of the output")
            left -= len(data)
        took = time.perf_counter() - began
        call.press(b"q")
        call.end()
    later = {"later_ms_mb": call.later_ms / sizes.out_mb} if call.later_ms else {}
    return {"out_mb_s": sizes.out_mb / took, **later}


def paste(place: Place, peer: Peer, sizes: Sizes) -> Measured:
    """A terminal that pastes as fast as it is read."""
    left = sizes.in_mb * MB
    with on_terminal(place, peer, "soak", str(left)) as call:
        call.settle(place)
        began, keys = time.perf_counter(), b"k" * 4096
        os.set_blocking(call.screen, False)
        while left:
            if not select.select([], [call.screen], [], PATIENCE_S)[1]:
                raise FailedError(f"takes no more keys, {left} bytes before the end")
            with contextlib.suppress(BlockingIOError):
                left -= os.write(call.screen, keys[:left])
        os.set_blocking(call.screen, True)
        call.expect(b"GOT")
        took = time.perf_counter() - began
        call.press(b"q")
        call.end()
    return {"in_mb_s": sizes.in_mb / took}


def pipes(place: Place, peer: Peer, sizes: Sizes) -> Measured:
    """A file in, a pipe out: the same bytes, and the end of both, must arrive."""
    path, size = place.root / "document", sizes.pipe_mb * MB // len(LINE) * len(LINE)
    if not path.exists():
        path.write_bytes(LINE * (size // len(LINE)))
        os.sync()  # nobody shall write it to the disk while it is measured
    with path.open("rb") as document:
        began = time.perf_counter()
        with between_pipes(place, peer, document.fileno(), "copy") as call:
            got = drained(call.stdout.fileno() if call.stdout else -1, size)
            took = time.perf_counter() - began
            if call.wait() or got != size:
                raise FailedError(f"{got} bytes arrive of {size}, status {call.returncode}")
    return {"pipe_mb_s": size / MB / took}


def drained(fd: int, most: int) -> int:
    """How many bytes come before the end of the file. Raises FailedError when nothing comes any more, or too much."""
    count = 0
    while count <= 2 * most:
        if not select.select([fd], [], [], PATIENCE_S)[0]:
            raise FailedError(f"nothing comes any more after {count} bytes of {most}")
        data = os.read(fd, 1 << 20)
        if not data:
            return count
        count += len(data)
    raise FailedError(f"more than twice {most} bytes come")


GROUPS = (
    Group(
        "out",
        (
            Figure("out_mb_s", "output, escape sequences, recorded", "MB/s"),
            Figure("later_ms_mb", "CPU time of the sidecar for each MB of it", "ms"),
        ),
        out,
        share=4,
        more=(recording_script,),
    ),
    Group("in", (Figure("in_mb_s", "a paste", "MB/s"),), paste, share=4),
    Group("pipes", (Figure("pipe_mb_s", "file in, pipe out, recorded", "MB/s"),), pipes, share=4),
)
