"""COLD. Keeps the sums of each minute and the most frequent findings of each hour up to date."""

from guardrail_proxy.store.live import live, republish
from guardrail_proxy.store.sums import replace_metrics
from guardrail_proxy.workers._background import BackgroundWorker


class MetricsWorker(BackgroundWorker):
    """Every minute: tables ``metrics`` and ``metric_top``, of the times in which a session came or went."""

    flag = "metrics_worker"

    def work(self, *, at_once: bool) -> str:
        """Make again what changed."""
        del at_once
        with live(self.home, wait=True) as con:
            assert con is not None
            minutes = replace_metrics(con)
            if minutes:
                republish(con, self.home)
        return f"brought {minutes} minutes up to date" if minutes else "up to date"
