"""COLD. ``WorkerManager``: all workers in one process; and how a worker's file becomes one."""

import asyncio
from types import ModuleType

from guardrail_proxy.config import Config
from guardrail_proxy.discover import members
from guardrail_proxy.errors import ConfigError
from guardrail_proxy.workers._background import BackgroundWorker, HasHome, WorkerStatus

FIRST = "ingest"
"""The others count what is loaded."""


class WorkerManager:
    """Hosts every worker whose feature is on, in the running event loop."""

    def __init__(self, config: Config, db: HasHome) -> None:
        self.workers = [kind(config, db) for kind in worker_kinds().values()]

    async def start_all(self) -> None:
        """Start all of them, at the same time."""
        await asyncio.gather(*(worker.start() for worker in self.workers if worker.is_enabled))

    async def stop_all(self) -> None:
        """End all of them, each once it has finished what it is writing. One that failed stops no other."""
        await asyncio.gather(*(worker.stop() for worker in self.workers), return_exceptions=True)

    def status(self) -> dict[str, WorkerStatus]:
        """Where each stands, by name."""
        return {worker.name: worker.status() for worker in self.workers}


def worker_kinds() -> dict[str, type[BackgroundWorker]]:
    """Name -> class, the one that must run first ahead of the others."""
    kinds = {name: _kind(module) for name, module in members("workers").items()}
    return dict(sorted(kinds.items(), key=lambda item: (item[0] != FIRST, item[0])))


def worker_of(name: str, config: Config, db: HasHome) -> BackgroundWorker:
    """One worker by name. ConfigError when there is none."""
    kinds = worker_kinds()
    if name not in kinds:
        raise ConfigError(f"there is no worker '{name}': {', '.join(kinds)}")
    return kinds[name](config, db)


def _kind(module: ModuleType) -> type[BackgroundWorker]:
    """The one worker class that a member's file defines."""
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, BackgroundWorker) and value.__module__ == module.__name__
    ]
    if len(found) != 1:
        raise ImportError(f"{module.__file__} must define one subclass of BackgroundWorker, not {len(found)}")
    return found[0]
