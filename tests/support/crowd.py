"""Many calls of one program at the same moment, half of them on a terminal, half on pipes."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

Environments = Sequence[dict[str, str]]


@dataclass(frozen=True)
class Ended:
    """How one call ended, and how many seconds after its start."""

    status: int
    seconds: float
    out: bytes


def crowd(program: str, environments: Environments) -> list[Ended]:
    """Start one call for each environment, all at once; how they ended, in the same order."""
    waits = [(_on_terminal if number % 2 else _on_pipe)(program, env) for number, env in enumerate(environments)]
    with ThreadPoolExecutor(len(waits)) as pool:
        return list(pool.map(lambda wait: wait(), waits))


def _on_pipe(program: str, env: dict[str, str]) -> Callable[[], Ended]:
    began = time.monotonic()
    process = subprocess.Popen([program], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)

    def wait() -> Ended:
        out, _ = process.communicate()
        return Ended(process.returncode, time.monotonic() - began, out)

    return wait


def _on_terminal(program: str, env: dict[str, str]) -> Callable[[], Ended]:
    began = time.monotonic()
    pid, master = os.forkpty()
    if not pid:
        os.execve(program, [program], env)

    def wait() -> Ended:
        parts = []
        with suppress(OSError):  # what a terminal says whose programs have gone
            while part := os.read(master, 65536):
                parts.append(part)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(master)
        return Ended(status, time.monotonic() - began, b"".join(parts))

    return wait
