"""Start, housekeeping, exit: what a short call pays."""

import os
import tempfile
import time
from pathlib import Path

from relaying.call import BEGAN, ENDED, EXECUTED, FailedError, on_terminal
from relaying.group import Figure, Group, Measured, Sizes
from relaying.peers import Peer, floor
from relaying.place import Place

RECORD = b'{"exit_code": 0, "signal": null, "ended_at": 1790000000.123456, "gap_bytes": 0}\n'
"""As the relay writes it when the CLI has ended."""
DURABLE = "write, fsync, rename"


def start(place: Place, peer: Peer, sizes: Sizes) -> Measured:
    """A child that does nothing; the interpreter alone has no child, so that its whole run stands for the start."""
    del sizes
    with on_terminal(place, peer, "stamp", str(place.times)) as call:
        wall_ms = (call.end() - call.note(EXECUTED)) / 1e6
        began = call.note(BEGAN)
        exec_ms = (began - call.note(EXECUTED)) / 1e6 if began else wall_ms
    if not began and peer.name != "python -I -S":
        raise FailedError("the child was not started")
    later = {"later_cpu_ms": call.later_ms} if call.later_ms else {}
    return {"exec_ms": exec_ms, "wall_ms": wall_ms, "cpu_ms": call.cpu_ms, **later}


def housekeeping(place: Place, peer: Peer, sizes: Sizes) -> Measured:
    """A call that cannot run a model: the shim executes the CLI and is gone."""
    del sizes
    with on_terminal(place, peer, "--version") as call:
        wall_ms = (call.end() - call.note(EXECUTED)) / 1e6
    return {"version_ms": wall_ms, "version_cpu_ms": call.cpu_ms}


def leave(place: Place, peer: Peer, sizes: Sizes) -> Measured:
    """From the child's last act to the end of what the user started, in a session that had settled."""
    del sizes
    if peer.name == DURABLE:
        return {"exit_ms": durable_ms(place)}
    with on_terminal(place, peer, "hold", str(place.times), "0") as call:
        call.settle(place)  # a session, not a crash at the start
        call.press(b"q")
        return {"exit_ms": (call.end() - call.note(ENDED)) / 1e6}


def durable_ms(place: Place) -> float:
    """What a record of the same size costs at least, on the same disk."""
    with tempfile.TemporaryDirectory(dir=place.home, prefix=".bench-") as folder:
        began = time.perf_counter()
        fd = os.open(Path(folder) / "new", os.O_CREAT | os.O_WRONLY, 0o600)
        os.write(fd, RECORD)
        os.fsync(fd)
        os.close(fd)
        os.rename(Path(folder) / "new", Path(folder) / "end.json")
        return (time.perf_counter() - began) * 1e3


def durable(_: Place) -> Peer:
    """Stands for the bare record in the table."""
    return Peer(DURABLE, lambda args: args)


GROUPS = (
    Group(
        "start",
        (
            Figure("exec_ms", "call to the child's first instruction", "ms"),
            Figure("wall_ms", "whole run of a child that does nothing", "ms"),
            Figure("cpu_ms", "its CPU time, all processes", "ms"),
            Figure("later_cpu_ms", "CPU time of the sidecar: record, judge, log", "ms"),
        ),
        start,
        more=(floor,),
    ),
    Group(
        "housekeeping",
        (
            Figure("version_ms", "`--version`, whole run", "ms"),
            Figure("version_cpu_ms", "its CPU time", "ms"),
        ),
        housekeeping,
        only=frozenset({"bare", "shim", "script", "C relay"}),
        more=(floor,),
    ),
    Group("exit", (Figure("exit_ms", "child's end to ours", "ms"),), leave, share=2, more=(durable,)),
)
