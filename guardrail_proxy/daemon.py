"""COLD. ``GuardrailDaemon``: the stages as an async Python API. The faces beside it are in ``api/``."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from guardrail_proxy.api.child import Halt
from guardrail_proxy.api.request import AIRequest
from guardrail_proxy.api.result import AIResult
from guardrail_proxy.api.run import Run
from guardrail_proxy.api.sidecar_link import SidecarLink
from guardrail_proxy.api.statistics import Ledger, Statistics, statistics
from guardrail_proxy.config import Config
from guardrail_proxy.home import Home
from guardrail_proxy.store.database import DatabaseManager

AT_ONCE_MOST = 64
"""Requests that run at the same time; more of them wait."""


class GuardrailDaemon:
    """Asks real AI CLIs, each request guarded, judged and recorded like a call through a shim.

    ``await daemon.close()``, or leaving ``async with``, returns once every session is logged.
    """

    def __init__(self, config: Config | None = None, home: Home | None = None) -> None:
        self.config = config or Config()
        self.db = DatabaseManager(home)
        self._ledger = Ledger()
        self._threads = ThreadPoolExecutor(AT_ONCE_MOST, "guardrail-request")
        self._open: set[Future[None]] = set()

    async def process_request(self, request: AIRequest) -> AIResult:
        """The CLI's answer, judged. Cancelling it ends the CLI's process group.

        Raises AIExecutionError when there is no answer, ConfigError for an unknown agent or a wrong configuration.
        """
        run = Run(self.config, self.db.home, request, Halt())
        answer: Future[AIResult] = Future()
        whole = self._threads.submit(_carry_out, run, answer)
        self._open.add(whole)
        whole.add_done_callback(self._open.discard)
        return await self._noted(run, asyncio.wrap_future(answer))

    async def _noted(self, run: Run, answer: "asyncio.Future[AIResult]") -> AIResult:
        try:
            result = await asyncio.shield(answer)
        except asyncio.CancelledError:
            run.halt.say()
            await asyncio.wait([answer])
            answer.exception()  # it is the caller who ended it: nobody asks
            self._ledger.note("failed")
            raise
        except Exception:
            self._ledger.note("failed")
            raise
        self._ledger.note("approved" if result.approved else "blocked", result.duration_ms)
        return result

    def get_statistics(self) -> Statistics:
        """What became of all sessions of the store but imported ones, and of this daemon's own requests.

        It asks the database, so it takes some milliseconds, and waits a moment for a session that has just ended.
        """
        return statistics(self.db, self._ledger)

    async def close(self) -> None:
        """Return once every session is logged; the daemon takes no more requests."""
        waiting = [asyncio.wrap_future(whole) for whole in tuple(self._open)]
        await asyncio.gather(*waiting, return_exceptions=True)
        self._threads.shutdown(wait=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _carry_out(run: Run, answer: Future[AIResult]) -> None:
    """In a thread: answer first, then wait until the session is logged."""
    kept: list[SidecarLink] = []
    _settle(answer, lambda: run.answer(kept.append))
    for link in kept:
        link.leave()


def _settle(answer: Future[AIResult], work: Callable[[], AIResult]) -> None:
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 # it is the caller's: he awaits it
        answer.set_exception(error)
    else:
        answer.set_result(result)
