"""COLD. The session's sidecar as the Python API uses it: it gets the output, serves the hooks, judges and logs."""

import os
import sys
import time
from contextlib import suppress
from select import poll

from pydantic import TypeAdapter, ValidationError

from guardrail_proxy.judged import Judged
from guardrail_proxy.run.folder import Folder
from guardrail_proxy.run.recorder import Recorder
from guardrail_proxy.run.status import described

JUDGED = b"judged "
LOGGED_IN_S = 60.0
"""After so long we do not wait for a sidecar any more; its session is finished by the next ingester."""
ADAPTER = TypeAdapter(Judged)


class SidecarLink:
    """One session's sidecar."""

    def __init__(self, folder: Folder, meta: bytes) -> None:
        self.folder = folder
        self.recorder = Recorder(os.fsencode(sys.executable), folder.path, folder.lock, meta)
        self.lines = b""

    def take(self, data: bytes) -> None:
        """A chunk of output, or nothing: time to look at the pipes."""
        if data:
            self.recorder.output(data)
            self.recorder.pump()
        self._serve(0)

    def ended(self, status: int) -> None:
        """The CLI has ended; the sidecar may judge."""
        with suppress(OSError):  # a full disk: the session counts as aborted, its caller gets his answer
            self.folder.end(status, self.recorder.gap)
        self.recorder.ended(described(status))

    def judged(self, seconds: float, *, is_logged: bool) -> Judged | None:
        """What the sidecar made of it, with ``is_logged`` once that is in the log; None when nothing came in time."""
        until = time.monotonic() + seconds
        while not self._has_told(is_logged=is_logged) and time.monotonic() < until and self._listen(until):
            pass
        line = next((line for line in self.lines.split(b"\n")[:-1] if line.startswith(JUDGED)), None)
        try:
            return ADAPTER.validate_json(line[len(JUDGED) :]) if line else None
        except ValidationError:
            return None

    def leave(self) -> None:
        """Wait until it has logged the session and is gone."""
        until = time.monotonic() + LOGGED_IN_S
        while time.monotonic() < until and self._listen(until):
            pass
        is_gone = time.monotonic() < until
        pid, self.recorder.link.pid = self.recorder.link.pid, -1
        self.recorder.link.close()
        with suppress(OSError):
            os.close(self.folder.lock)
        with suppress(OSError):
            os.waitpid(max(pid, 1), 0 if is_gone else os.WNOHANG)  # 1 is nobody's child

    def _has_told(self, *, is_logged: bool) -> bool:
        lines = self.lines.split(b"\n")[:-1]
        wanted = (b"verdict",) if is_logged else (JUDGED,)
        return any(line.startswith(wanted) for line in lines)

    def _serve(self, milliseconds: int) -> None:
        """While the CLI runs: frames go on, a sidecar that died is replaced."""
        for fd in self._ready(milliseconds):
            self.recorder.handle(fd)

    def _listen(self, until: float) -> bool:
        """After its end: frames go on, lines are kept; False when the sidecar is gone."""
        if self.recorder.link.up < 0:
            return False
        for fd in self._ready(max(0, int((until - time.monotonic()) * 1000))):
            if fd != self.recorder.link.up:
                self.recorder.pump()
                continue
            data = os.read(fd, 1 << 16)
            self.lines += data
            if not data:
                return False
        return True

    def _ready(self, milliseconds: int) -> list[int]:
        wait = poll()
        for fd, what in self.recorder.wanted().items():
            wait.register(fd, what)
        return [fd for fd, _ in wait.poll(milliseconds)]
