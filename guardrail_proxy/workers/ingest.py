"""COLD. Loads the sessions that wait in the spool, and finishes those whose finisher died."""

from guardrail_proxy.store.ingest import Refresh, ingest
from guardrail_proxy.store.sums import replace_metrics
from guardrail_proxy.store.trends import analyse
from guardrail_proxy.store.worker_sql import utc
from guardrail_proxy.workers._background import BackgroundWorker


class IngestWorker(BackgroundWorker):
    """Every minute. A session is in every query before, too: this keeps the spool short."""

    def work(self, *, at_once: bool) -> str:
        """Load what is due, and bring the sums of it up to date: publishing twice would copy the database twice."""
        del at_once
        features = self.config.features
        refresh: list[Refresh] = [replace_metrics] if features.metrics_worker else []
        if features.analysis_worker:
            refresh.append(lambda con: analyse(con, utc(self.now())))
        return f"loaded {ingest(self.home, wait=True, refresh=refresh)} sessions"
