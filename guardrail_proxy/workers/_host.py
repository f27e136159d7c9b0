"""COLD. ``python -I -m guardrail_proxy.workers._host HOME``: hosts the workers until it is told to end.

One for each home, elected by a lock. SIGTERM and SIGINT end it once what is being written is written; SIGHUP, or a
changed config.toml, makes it read the configuration again.
"""

import asyncio
import fcntl
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path

from guardrail_proxy.config import load
from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import make_private
from guardrail_proxy.store.journal import write
from guardrail_proxy.workers._background import BackgroundWorker
from guardrail_proxy.workers._due import AtHome
from guardrail_proxy.workers._manager import worker_kinds

LOOK_EVERY_S = 60.0
LOOKERS_S = 5.0
"""How long others that only look may keep a daemon from its lock."""
Chosen = Callable[[], Sequence[BackgroundWorker]]


class NotAloneError(GuardrailError):
    """Another daemon hosts the workers of this home."""


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Be the daemon of this home; NotAloneError when another one is."""
    make_private(home.root)
    handle = os.open(_lock(home), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        _take(handle, home)
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        write(home, "workers", "info", "daemon started", pid=str(os.getpid()))
        yield
        write(home, "workers", "info", "daemon stopped", pid=str(os.getpid()))
    finally:
        os.close(handle)


def _take(handle: int, home: Home) -> None:
    """Lock it. Who only looks (``daemon_pid``) holds it for a moment too, and is no daemon: it is asked again."""
    until = time.monotonic() + LOOKERS_S
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            found = daemon_pid(home)
            if found is not None or time.monotonic() > until:
                raise NotAloneError(f"a daemon runs already, pid {found}: 'daemon stop' ends it") from error
            time.sleep(0.001)
        else:
            return


def daemon_pid(home: Home) -> int | None:
    """The process that hosts the workers of this home; None without one."""
    try:
        handle = os.open(_lock(home), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        words = os.read(handle, 20)
        return int(words) if words.isdigit() else None
    finally:
        os.close(handle)
    return None


def wait_for_end(home: Home) -> None:
    """Return when no daemon runs."""
    with suppress(FileNotFoundError):
        handle = os.open(_lock(home), os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
        finally:
            os.close(handle)


def serve(home: Home) -> None:
    """Host all workers, alone, until a signal says stop."""
    os.umask(0o077)
    asyncio.run(host(home, lambda: all_workers(home), alone(home)))


async def host(home: Home, chosen: Chosen, turn: AbstractContextManager[None] | None = None) -> None:
    """Run workers until SIGTERM or SIGINT; with another configuration after SIGHUP or a change of the file.

    Who sees that ``turn`` is taken may send a signal: it is listened for, and the configuration is read, before.
    """
    stop, look = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _end, stop, look)
    loop.add_signal_handler(signal.SIGHUP, look.set)
    workers = chosen()
    with turn or nullcontext():
        while not stop.is_set():
            await asyncio.gather(*(worker.start() for worker in workers if worker.is_enabled))
            await _changed(home, look)
            await asyncio.gather(*(worker.stop() for worker in workers), return_exceptions=True)
            if not stop.is_set():
                workers = _chosen_again(home, chosen, workers)


def all_workers(home: Home) -> list[BackgroundWorker]:
    """Every worker, as the home's configuration is now."""
    config = load(home)
    return [kind(config, AtHome(home)) for kind in worker_kinds().values()]


def _end(stop: asyncio.Event, look: asyncio.Event) -> None:
    stop.set()
    look.set()


async def _changed(home: Home, look: asyncio.Event) -> None:
    """Return when a signal came or config.toml is another one."""
    before = _changed_at(home)
    while not look.is_set() and _changed_at(home) == before:
        with suppress(TimeoutError):
            await asyncio.wait_for(look.wait(), LOOK_EVERY_S)
    look.clear()


def _chosen_again(home: Home, chosen: Chosen, before: Sequence[BackgroundWorker]) -> Sequence[BackgroundWorker]:
    try:
        return chosen()
    except GuardrailError as error:
        write(home, "workers", "error", "the configuration is wrong, the one before stays", error=str(error))
        return before


def _changed_at(home: Home) -> int:
    try:
        return home.config.stat().st_mtime_ns
    except OSError:
        return 0


def _lock(home: Home) -> Path:
    return home.root / "daemon.lock"


def main() -> int:
    """Host the workers of the home named on the command line; return the exit status."""
    try:
        serve(Home(Path(sys.argv[1]).absolute()))
    except (GuardrailError, OSError) as error:
        sys.stderr.write(f"guardrail-proxy: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
