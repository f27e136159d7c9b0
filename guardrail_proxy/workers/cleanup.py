"""COLD. Removes sessions older than ``retention_days``, archives them before, gives room back, clears away leftovers.

What killed processes left half written goes, and logs are rotated.
"""

from datetime import timedelta

from guardrail_proxy.config import Config
from guardrail_proxy.store.leftovers import sweep_leftovers
from guardrail_proxy.store.removal import compact
from guardrail_proxy.store.retention import Swept, sweep_old
from guardrail_proxy.store.worker_sql import utc
from guardrail_proxy.workers._background import BackgroundWorker
from guardrail_proxy.workers._rotate import rotate


class CleanupWorker(BackgroundWorker):
    """Every day. A sweep removes only what the one before announced; pinned sessions stay."""

    flag = "cleanup_worker"

    def work(self, *, at_once: bool) -> str:
        """Remove, announce, compact, clear away, rotate."""
        config, before = self.config, utc(self.now()) - timedelta(days=self.config.retention_days)
        swept = sweep_old(self.home, before, at_once=at_once, archive=config.archive)
        if swept.is_worth_compacting:
            compact(self.home)
        left, rotated = sweep_leftovers(self.home, self.now()), rotate(self.home.logs)
        return (
            said(swept, config)
            + (f"; {left} leftovers of killed processes cleared away" if left else "")
            + (f"; {rotated} logs rotated" if rotated else "")
        )


def said(swept: Swept, config: Config) -> str:
    """What a sweep did, and what the next one will do."""
    done = f"removed {swept.removed} sessions"
    if config.archive and swept.removed:
        done += f", {swept.archived} of them newly archived in {config.archive}"
    if not swept.announced:
        return done
    where = f" to the archive {config.archive}" if config.archive else ""
    return (
        f"{done}; {swept.announced} sessions are older than {config.retention_days} days and go{where} at the next"
        " sweep, unless pinned (worker run cleanup --now removes them at once)"
    )
