"""From a key to what the child shows for it: idle, under output, and while tool calls are judged."""

import json
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles

from relaying.call import Call, FailedError, on_terminal
from relaying.group import Figure, Group, Measured, Sizes
from relaying.peers import Peer
from relaying.place import HERE, Place

GAP_S = 0.003
FLOW = 2_000_000
CALL_BYTES = 100_000
KEYS = b"abcdefghijklmnop"


def press(call: Call, key: bytes) -> float:
    """Microseconds until the key's answer is on the screen."""
    answer, seen = b"\x01" + key, b""
    began = time.perf_counter_ns()
    call.press(key)
    while True:
        data = call.read(5.0)
        if answer in seen + data:
            return (time.perf_counter_ns() - began) / 1e3
        if not data:
            raise FailedError("ended while keys were typed")
        seen = data[-1:]


def pause(call: Call, seconds: float) -> None:
    """Nobody types, but the screen goes on."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([call.screen], [], [], left)[0]:
            call.read()


def typed(call: Call, goes_on: Callable[[int], bool]) -> list[float]:
    """Times of keys, one after the other, for as long as it ``goes_on`` after so many; then the call ends."""
    took: list[float] = []
    while goes_on(len(took)):
        took.append(press(call, KEYS[len(took) % len(KEYS) :][:1]))
        pause(call, GAP_S)
    call.press(b"q")
    call.end()
    return took


def percentiles(name: str, took: list[float]) -> Measured:
    """The median and what one in a hundred exceeds."""
    cuts = quantiles(took, n=100)
    return {f"{name}_p50_us": cuts[49], f"{name}_p99_us": cuts[98]}


def idle(place: Place, peer: Peer, sizes: Sizes) -> Measured:
    """Nothing else happens."""
    with on_terminal(place, peer, "keys", "0") as call:
        call.settle(place)
        return percentiles("key", typed(call, lambda count: count < max(2, sizes.keys)))


def flowing(place: Place, peer: Peer, sizes: Sizes) -> Measured:
    """While the child writes."""
    with on_terminal(place, peer, "keys", str(FLOW)) as call:
        call.expect(b"READY\r\n")
        pause(call, 1.0)  # it cannot be settled while it writes; the sidecar loads its rules
        return percentiles("flow_key", typed(call, lambda count: count < max(2, sizes.keys)))


def judging(place: Place, peer: Peer, sizes: Sizes) -> Measured:
    """While the session's gate judges large tool calls; the others, who judge nothing, are there to compare."""
    if peer.name != "shim":
        took = idle(place, peer, sizes)
        return {key.replace("key", "judged_key"): value for key, value in took.items()}
    with on_terminal(place, peer, "keys", "0") as call:
        call.settle(place)
        asking = ask(session_of(place, call.pid), sizes.calls, CALL_BYTES)
        took_us = typed(call, lambda count: asking.poll() is None or count < 2)
        calls_ms = answered(asking)
    return {**percentiles("judged_key", took_us), "call_ms": median(calls_ms)}


def session_of(place: Place, pid: int) -> Path:
    """The folder of the session that a relay keeps, once its gate is open. Raises FailedError."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        for gate in (place.home / "sessions").glob("*/hook.sock"):
            if json.loads((gate.parent / "start.json").read_bytes())["pid"] == pid:
                return gate.parent
        time.sleep(0.02)
    raise FailedError("the session has no gate")


def ask(session: Path, count: int, size: int) -> "subprocess.Popen[bytes]":
    """Tool calls from a process of their own."""
    words = [sys.executable, "-I", "-S", str(HERE / "tool_calls.py"), str(session), str(count), str(size)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def answered(asking: "subprocess.Popen[bytes]") -> list[float]:
    """Milliseconds of each call. Raises FailedError."""
    out, err = asking.communicate()
    if asking.returncode:
        raise FailedError(f"tool calls: {err.decode(errors='replace').strip()[-160:]}")
    found: list[float] = json.loads(out)
    return found


GROUPS = (
    Group(
        "keys",
        (Figure("key_p50_us", "a key, idle, p50", "us"), Figure("key_p99_us", "the same, p99", "us")),
        idle,
        share=4,
    ),
    Group(
        "flow",
        (
            Figure("flow_key_p50_us", "a key while 2 MB/s flow, p50", "us"),
            Figure("flow_key_p99_us", "the same, p99", "us"),
        ),
        flowing,
        share=4,
    ),
    Group(
        "judged",
        (
            Figure("judged_key_p50_us", "a key while tool calls of 100 KB are judged, p50", "us"),
            Figure("judged_key_p99_us", "the same, p99", "us"),
            Figure("call_ms", "such a tool call, p50", "ms"),
        ),
        judging,
        share=4,
        only=frozenset({"bare", "shim", "script"}),
    ),
)
