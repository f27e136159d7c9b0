"""What the processes of a call are and use, read from /proc; and their end."""

import ctypes
import os
import signal
import time
from dataclasses import dataclass

SUBREAPER = 36
"""PR_SET_CHILD_SUBREAPER: what a wrapper leaves behind becomes ours, so that it is waited for and counted."""
SETTLE_S = 300.0
SIDECAR = b"guardrail_proxy"


@dataclass(frozen=True, slots=True)
class Use:
    """Of one process, over all its threads: CPU, voluntary switches, memory."""

    cpu_ms: float
    switches: int
    rss_mb: float
    pss_mb: float
    private_mb: float


def adopt_orphans() -> None:
    """From now on."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)


def below(pid: int) -> list[int]:
    """Every descendant of a process, parents first."""
    children: dict[int, list[int]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = read(f"/proc/{name}/stat")
        except OSError:
            continue
        children.setdefault(int(stat.rpartition(b")")[2].split()[1]), []).append(int(name))
    found = list(children.get(pid, ()))
    for one in found:
        found += children.get(one, ())
    return found


def is_sidecar(pid: int) -> bool:
    """Whether it is our second process (or what it became), which outlives the call."""
    try:
        return SIDECAR in read(f"/proc/{pid}/cmdline")
    except OSError:
        return False


def roles(pid: int, child: str) -> dict[str, list[int]]:
    """The wrapper's processes, without the child it runs: relay, sidecar, monitor (of other peers: helpers)."""
    found: dict[str, list[int]] = {"relay": [pid], "sidecar": [], "monitor": []}
    for one in below(pid):
        found["sidecar" if is_sidecar(one) else "monitor"].append(one)
    return {role: [one for one in those if program(one) != child] for role, those in found.items()}


def program(pid: int) -> str:
    """The file a process executes; '' when it is gone."""
    try:
        return os.readlink(f"/proc/{pid}/exe")
    except OSError:
        return ""


def use(pid: int) -> Use:
    """Of one process now."""
    try:
        return _use(pid)
    except (FileNotFoundError, ProcessLookupError):  # a short one of ours that has just ended
        return Use(0.0, 0, 0.0, 0.0, 0.0)


def _use(pid: int) -> Use:
    tasks = [f"/proc/{pid}/task/{name}" for name in os.listdir(f"/proc/{pid}/task")]
    cpu_ns = sum(int(read(f"{task}/schedstat").split()[0]) for task in tasks)
    switches = sum(number(read(f"{task}/status"), b"voluntary_ctxt_switches:") for task in tasks)
    memory = read(f"/proc/{pid}/smaps_rollup")
    rss, pss, clean, dirty = (
        number(memory, b"\n" + word + b":") / 1024 for word in (b"Rss", b"Pss", b"Private_Clean", b"Private_Dirty")
    )
    return Use(cpu_ns / 1e6, switches, rss, pss, clean + dirty)


def quiet(found: dict[str, list[int]]) -> None:
    """Wait until none of them has used any CPU for 0.4 s: our sidecar has loaded its rules, or taken all output."""
    end, before = time.monotonic() + SETTLE_S, -1.0
    while (now := sum(use(pid).cpu_ms for those in found.values() for pid in those)) != before:
        if time.monotonic() > end:
            return
        before = now
        time.sleep(0.4)


def kill(pids: list[int]) -> None:
    """Only ever what this bench has started."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def settle() -> tuple[float, float]:
    """Wait until nothing that was started is left; CPU in ms of what belonged to the call, and of the sidecar's.

    The monitor ends with the call; a sidecar judges and logs after it, and must not slow the next call. Of a call that
    was over at once it is started later.
    """
    later = set[int]()
    cpu, is_later, end = [0.0, 0.0], False, time.monotonic() + SETTLE_S
    while True:
        later.update(pid for pid in below(os.getpid()) if is_sidecar(pid))
        try:
            pid, _, used = os.wait4(-1, os.WNOHANG)
        except ChildProcessError:
            return cpu[0], cpu[1]
        if pid:
            is_later = is_later or pid in later
            cpu[is_later] += (used.ru_utime + used.ru_stime) * 1e3
        elif time.monotonic() > end:
            kill(below(os.getpid()))
        else:
            time.sleep(0.002)


def read(path: str) -> bytes:
    """A file of /proc."""
    with open(path, "rb") as file:
        return file.read()


def number(text: bytes, word: bytes) -> int:
    """What stands behind a word."""
    return int(text.partition(word)[2].split(maxsplit=1)[0])
