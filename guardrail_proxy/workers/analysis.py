"""COLD. Follows how often the AI fails, by category, CLI, role and severity, and says when it is suddenly often."""

from collections import Counter
from datetime import datetime, timedelta

from guardrail_proxy.store.live import live, republish
from guardrail_proxy.store.trends import NAMES, analyse
from guardrail_proxy.store.worker_sql import rows_of, utc
from guardrail_proxy.workers._background import BackgroundWorker
from guardrail_proxy.workers._write import as_document, write_if_changed

Row = dict[str, object]
DAY = timedelta(days=1)


class AnalysisWorker(BackgroundWorker):
    """Every five minutes: tables ``failure_trend`` and ``insights``, files ``trends.json`` and ``insights.json``."""

    flag = "analysis_worker"

    def work(self, *, at_once: bool) -> str:
        """Look at the hours that got failures; write the two files."""
        del at_once
        now = utc(self.now())
        with live(self.home, wait=True) as con:
            assert con is not None
            found = analyse(con, now)
            if found:
                republish(con, self.home)
            trend, insights = rows_of(con, "trend_of_two_days", now=now), rows_of(con, "last_insights")
        write_if_changed(self.home.data / "trends.json", as_document(**trends_of(trend, now)))
        write_if_changed(self.home.data / "insights.json", as_document(insights=insights))
        return f"looked at {found.hours} hours, {found.said} new insights, {found.closed} closed"


def trends_of(rows: list[Row], now: datetime) -> dict[str, object]:
    """The content of trends.json: the hours of the last day, and sums by name beside those of the day before."""
    current = [row for row in rows if _time(row) > now - DAY]
    before = [row for row in rows if _time(row) <= now - DAY]
    return {
        "hours": 24,
        "until": now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1),
        "trend": current,
        **{f"by_{name}": _compared(_sums(current, name), _sums(before, name)) for name in NAMES},
    }


def _compared(sums: Counter[str], before: Counter[str]) -> list[Row]:
    names = sorted({*sums, *before}, key=lambda name: (-sums[name], name))
    return [{"name": name, "n": sums[name], "day_before": before[name]} for name in names]


def _sums(rows: list[Row], name: str) -> Counter[str]:
    sums: Counter[str] = Counter()
    for row in rows:
        number = row["n"]
        assert isinstance(number, int)
        sums[str(row[name] or "")] += number
    return sums


def _time(row: Row) -> datetime:
    bucket = row["bucket"]
    assert isinstance(bucket, datetime)
    return bucket
