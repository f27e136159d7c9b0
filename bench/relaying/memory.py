"""Memory of each process, its growth, and what a session does while nothing happens."""

import time

from relaying.bulk import MB
from relaying.call import Call, FailedError, on_terminal
from relaying.group import Figure, Group, Measured, Sizes
from relaying.keys import CALL_BYTES, answered, ask, session_of
from relaying.peers import Peer
from relaying.place import Place
from relaying.processes import Use, quiet, use

ROLES = ("relay", "monitor", "sidecar")
Uses = dict[str, list[Use]]
"""Of each role's processes."""


def settled(place: Place, peer: Peer, call: Call) -> dict[str, list[int]]:
    """The wrapper's processes once they have nothing to do; our sidecar has used all its rules."""
    found = call.settle(place)
    if peer.name == "shim":
        answered(ask(session_of(place, call.pid), 2, CALL_BYTES))
        quiet(found)
        if not found["sidecar"]:
            raise FailedError("it has no sidecar")
    return found


def pids(found: dict[str, list[int]]) -> list[int]:
    """All of them."""
    return [pid for those in found.values() for pid in those]


def memory(place: Place, peer: Peer, sizes: Sizes) -> Measured:
    """Of an idle session, and after it has shown a lot."""
    with on_terminal(place, peer, "hold", str(place.times), str(sizes.growth_mb * MB)) as call:
        found = settled(place, peer, call)
        before = {role: [use(pid) for pid in those] for role, those in found.items()}
        call.press(b"b")
        left = sizes.growth_mb * MB
        while left > 0:
            data = call.read()
            if not data:
                raise FailedError("ended during its output")
            left -= len(data)
        quiet(found)
        after = {role: [use(pid) for pid in those] for role, those in found.items()}
        call.press(b"q")
        call.end()
    return {**of_roles(before), **growth(before, after)}


def of_roles(before: Uses) -> Measured:
    """Sums, and each role's share where there is more than one."""
    found = {what: total(before, what) for what in ("rss_mb", "pss_mb", "private_mb")}
    if before["sidecar"]:
        for role in ROLES:
            for what in ("rss_mb", "pss_mb", "private_mb"):
                found[f"{role}_{what}"] = total({role: before[role]}, what)
    return found


def growth(before: Uses, after: Uses) -> Measured:
    """Private memory that the output has added, as a sum and by role where there is more than one."""
    by_role = {
        role: total({role: after[role]}, "private_mb") - total({role: before[role]}, "private_mb") for role in ROLES
    }
    found = {"growth_mb": sum(by_role.values())}
    return found | {f"{role}_growth_mb": more for role, more in by_role.items()} if before["sidecar"] else found


def total(uses: Uses, what: str) -> float:
    """Sum over processes."""
    return float(sum(getattr(one, what) for those in uses.values() for one in those))


def resting(place: Place, peer: Peer, sizes: Sizes) -> Measured:
    """Who wakes up although nothing happens."""
    with on_terminal(place, peer, "hold", str(place.times), "0") as call:
        found = pids(settled(place, peer, call))
        before = [use(pid) for pid in found]
        time.sleep(sizes.idle_s)
        after = [use(pid) for pid in found]
        call.press(b"q")
        call.end()
    pairs = list(zip(before, after, strict=True))
    return {
        "idle_cpu_ms": sum(new.cpu_ms - old.cpu_ms for old, new in pairs) * 60 / sizes.idle_s,
        "idle_switches": float(sum(new.switches - old.switches for old, new in pairs)) * 60 / sizes.idle_s,
    }


GROUPS = (
    Group(
        "memory",
        (
            Figure("rss_mb", "idle session, all its processes, RSS", "MB"),
            Figure("pss_mb", "the same, PSS", "MB"),
            Figure("private_mb", "the same, private", "MB"),
            *(Figure(f"{role}_pss_mb", f"of it the {role}, PSS", "MB") for role in ROLES),
            *(Figure(f"{role}_private_mb", f"of it the {role}, private", "MB") for role in ROLES),
            *(Figure(f"{role}_rss_mb", f"of it the {role}, RSS", "MB") for role in ROLES),
            Figure("growth_mb", "private, more after the output", "MB"),
            *(Figure(f"{role}_growth_mb", f"of it the {role}", "MB") for role in ROLES),
        ),
        memory,
        share=20,
    ),
    Group(
        "idle",
        (
            Figure("idle_cpu_ms", "CPU of an idle session, a minute", "ms"),
            Figure("idle_switches", "its wake-ups, a minute", ""),
        ),
        resting,
        share=20,
    ),
)
