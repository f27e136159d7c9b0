"""COLD. The CLI as a child in a session of its own: pexpect reads stdout and stderr from pipes, stdin is at its end.

A terminal would mix both streams and colour them; a question needs none.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread

import pexpect
from pexpect.fdpexpect import fdspawn

from guardrail_proxy.api.call import Command

CHUNK = 1 << 16
TICK_S = 0.1
"""How often a silent child is looked at."""
KILL_AFTER_S = 2.0
"""What a child that is told to end has for it."""
ERRORS_KEPT = 1 << 16


class Halt:
    """A caller's word that the run shall end."""

    def __init__(self) -> None:
        self.said = Event()
        self._end: Callable[[], None] | None = None
        self._lock = Lock()

    def say(self) -> None:
        """End it, now or as soon as it has begun."""
        with self._lock:
            self.said.set()
            if self._end:
                self._end()

    def on(self, end: Callable[[], None] | None) -> None:
        """What ends it from now on."""
        with self._lock:
            self._end = end
            if end and self.said.is_set():
                end()


class Child:
    """One run of the CLI. Raises OSError when it cannot be started."""

    def __init__(self, command: Command) -> None:
        self.process = subprocess.Popen(
            [os.path.basename(command.program), *command.argv],
            executable=command.program,
            env=command.env,
            cwd=command.cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )
        self.output, self.errors = bytearray(), bytearray()
        self.exited = Event()
        self._readers = (Thread(target=self._await_exit, daemon=True), Thread(target=self._read_errors, daemon=True))
        for reader in self._readers:
            reader.start()

    def read(self, seconds: float, take: Callable[[bytes], None], halt: Halt) -> str:
        """Read until the child has ended; '' or why it was ended: ``timeout``, ``halted``."""
        why, until = "", time.monotonic() + seconds
        source = fdspawn(self.process.stdout, use_poll=True)
        halt.on(self.end)
        while not self._step(source, take):
            if not why and (halt.said.is_set() or time.monotonic() > until):
                why, until = "halted" if halt.said.is_set() else "timeout", time.monotonic() + KILL_AFTER_S
                self.end()
            elif why and time.monotonic() > until:
                self.end(signal.SIGKILL)
        halt.on(None)
        if why or halt.said.is_set():
            self.end(signal.SIGKILL)  # what of its group has outlived it
        return why or ("halted" if halt.said.is_set() else "")

    def end(self, number: int = signal.SIGTERM) -> None:
        """Signal the whole process group; its leader is not reaped yet, so the group is still the child's own."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)

    def close(self) -> int:
        """Reap it; the wait status."""
        code = self.process.wait()
        for reader in self._readers:
            reader.join(10 * TICK_S)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()
        return -code if code < 0 else code << 8

    def _step(self, source: fdspawn, take: Callable[[bytes], None]) -> bool:
        """Take what has come; whether all is over. A grandchild that keeps the pipe open does not hold us."""
        data = _read(source)
        if data:
            self.output += data
        take(data or b"")
        if data == b"":
            return self.exited.wait(TICK_S)
        return data is None and self.exited.is_set()

    def _read_errors(self) -> None:
        source = fdspawn(self.process.stderr, use_poll=True)
        while (data := _read(source)) != b"" and not (data is None and self.exited.is_set()):
            self.errors += data or b""
            del self.errors[:-ERRORS_KEPT]

    def _await_exit(self) -> None:
        with suppress(ChildProcessError):  # the caller's program reaps every child
            os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT)
        self.exited.set()


def _read(source: fdspawn) -> bytes | None:
    """A chunk; b'' at the end, None when nothing came in time."""
    try:
        data: bytes = source.read_nonblocking(CHUNK, TICK_S)
    except pexpect.TIMEOUT:
        return None
    except pexpect.EOF:
        return b""
    return data
