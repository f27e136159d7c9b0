"""WARM. One loop over frames and hook calls until the relay says that the CLI has ended.

What judges is loaded when there is a call to judge, or a moment without anything to do: a session that calls no hook
never holds it, and one that does starts to record earlier.
"""

from __future__ import annotations

import contextlib
import os
import select
import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial

from guardrail_proxy.durable import sync_folder, write_durably
from guardrail_proxy.priority import give_way, stay_gentle
from guardrail_proxy.sidecar.caller import Caller, TooLargeError
from guardrail_proxy.sidecar.frames import Frame, FrameReader, meta_of
from guardrail_proxy.sidecar.notes import Notes
from guardrail_proxy.sidecar.recording import Recording
from guardrail_proxy.sidecar.start import EXCLUDED, Start

TYPE_CHECKING = False  # typing itself costs a start
if TYPE_CHECKING:
    from guardrail_proxy.sidecar.judge_call import JudgeCall

FRAMES, REPLIES = 3, 4
READ_BYTES = 1 << 16
NICE = 10
META_AFTER_S = 1.0
"""So long a CLI has for its own start before the record of it is redacted and written, unless it ends earlier."""
IDLE_S = 0.05
"""So long nothing must have happened before what judges is loaded."""
CALLERS_MOST = 64
"""Hook clients at once; the oldest one is hung up on for one more."""


class Service:
    """The sidecar while the CLI runs."""

    def __init__(self, folder: str, listener: socket.socket, load_stages: Callable[[str], None]) -> None:
        """``load_stages`` imports what the end of a session of that CLI needs."""
        self.folder, self.listener, self.load_stages = folder, listener, load_stages
        self.reader = FrameReader()
        self.start: Start | None = None
        self.judge: JudgeCall | None = None
        self.recording: Recording | None = None
        self.notes = Notes(REPLIES)
        self.wait = selectors.DefaultSelector()
        self.callers: list[Caller] = []
        self.meta, self.hurry = 0, -1
        self.is_over = self.is_cold = False

    def run(self) -> str:
        """Serve until the end of the frames; what went wrong with the recording, '' for nothing."""
        with self.wait:
            self.wait.register(FRAMES, selectors.EVENT_READ, self._read_frames)
            while not self.is_over:
                ready = self.wait.select(self._due_in())
                for key, _ in ready:
                    serve: Callable[[], None] = key.data
                    serve()
                if not ready and self.is_cold:
                    self._warm_up()
                if self.recording:
                    self.recording.flush()
                    self.notes.incomplete(self.recording.trouble)
                self._hang_up_on(caller for caller in self.callers if caller.until <= time.monotonic())
            self._hang_up_on(self.callers)
        return self._close()

    def _due_in(self) -> float | None:
        """Seconds until something is due by itself; None when nothing is."""
        due = [max(0.0, caller.until - time.monotonic()) for caller in self.callers]
        flush_in = self.recording.flush_in() if self.recording else None
        due += [] if flush_in is None else [flush_in]
        due += [IDLE_S] if self.is_cold else []
        return min(due, default=None)

    def _warm_up(self) -> None:
        """Hooks wait for the gate, strict for the verdict too: what they need is loaded while nothing else is to do."""
        self.is_cold = False
        if self.start:
            self._judge()
        if self.start and self.start.mode == "strict":
            self.load_stages(self.start.cli)

    def _judge(self) -> JudgeCall:
        if not self.judge:
            from guardrail_proxy.sidecar.judge_call import JudgeCall  # noqa: PLC0415 # not for who calls no hook

            assert self.start
            self.judge = JudgeCall(self.start, self.folder)
        return self.judge

    def _read_frames(self) -> None:
        data = os.read(FRAMES, READ_BYTES)
        if not data:
            self.is_over = True
        for frame in self.reader.feed(data):
            self._frame(frame)
        if self.reader.is_broken:
            sys.exit("the relay's frames cannot be read")  # it starts another one; nothing after this can be trusted

    def _frame(self, frame: Frame) -> None:
        match frame.kind:
            case "m":
                self._begin(Start(meta_of(frame.data)))
            case "o" if self.recording:
                self.recording.output(frame.at, frame.data)
                self.notes.shown(self.recording.stream.take_seen())
            case "w" if self.recording:
                self.recording.resized(frame.at, frame.data.decode("ascii", "replace"))
            case "x":
                self.is_over = True

    def _begin(self, start: Start) -> None:
        self.start = start
        is_strict = start.mode == "strict"
        self.is_cold = is_strict or start.expects_hooks
        if start.is_excluded:
            write_durably(os.path.join(self.folder, EXCLUDED), b"")  # before anything of it is
            sync_folder(self.folder)
        self.wait.register(self.listener, selectors.EVENT_READ, self._greet)
        if start.kind != "protocol" and not start.is_excluded:
            self.recording = Recording(os.path.join(self.folder, "recording.cast.gz"), start.size, start.term)
        if not os.path.exists(os.path.join(self.folder, "meta.json")):
            self._write_meta(start)
        if not is_strict:
            give_way(NICE)  # nobody waits for us: the CLI goes first

    def _write_meta(self, start: Start) -> None:
        """Start the process that writes it; it keeps the lock, so no finisher reads the folder before it is done."""
        hurried, self.hurry = os.pipe()
        self.meta = os.fork()
        if self.meta:
            os.close(hurried)
            return
        try:
            os.setsid()  # we give way as a session: this must see the working tree before the CLI changes it
            stay_gentle()  # unless the CLI is gone
            for fd in (FRAMES, REPLIES, self.listener.fileno(), self.hurry):
                os.close(fd)
            from guardrail_proxy.sidecar.facts import facts_of_the_start  # noqa: PLC0415 # gone with this process

            facts = facts_of_the_start(start.cwd, start.home, start.cli)
            if start.mode != "strict" and not start.is_excluded:
                select.select([hurried], [], [], META_AFTER_S)
                give_way(NICE)
            from guardrail_proxy.sidecar.meta import write_meta  # noqa: PLC0415 # what redacts is most of its work

            write_meta(self.folder, start, facts)
        finally:
            os._exit(0)

    def _greet(self) -> None:
        with contextlib.suppress(OSError):
            client, _ = self.listener.accept()
            if len(self.callers) >= CALLERS_MOST:
                self._hang_up(self.callers[0])
            caller = Caller(client)
            self.callers.append(caller)
            self.wait.register(client, selectors.EVENT_READ, partial(self._serve, caller))

    def _serve(self, caller: Caller) -> None:
        if caller not in self.callers:  # hung up on in the same round
            return
        try:
            data = caller.payload()
            if data is None:
                return
            self._answer(caller, data)
        except TooLargeError:
            self._answer(caller, None)
        except OSError:
            pass
        self._hang_up(caller)

    def _answer(self, caller: Caller, data: bytes | None) -> None:
        with contextlib.suppress(OSError):  # gone, or the disk is full: an unanswered strict client denies
            answer = self._judge().answer(data)
            caller.answer(answer.frame())
            self.notes.found(answer.findings)

    def _hang_up_on(self, callers: Iterable[Caller]) -> None:
        for caller in tuple(callers):
            self._hang_up(caller)

    def _hang_up(self, caller: Caller) -> None:
        self.callers.remove(caller)
        self.wait.unregister(caller.client)
        caller.client.close()

    def _close(self) -> str:
        self.listener.close()
        with contextlib.suppress(OSError):
            os.unlink(os.path.join(self.folder, "hook.sock"))
        if self.meta:
            os.close(self.hurry)
            os.waitpid(self.meta, 0)
        if not self.recording:
            return ""
        self.recording.close()
        self.notes.shown(self.recording.stream.take_seen())
        return self.recording.trouble
