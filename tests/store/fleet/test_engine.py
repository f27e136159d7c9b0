"""The workers' queries for an engine that takes no parameters."""

from datetime import date, datetime

from guardrail_proxy.store.fleet.engine import worker_query


def test_values_are_written_into_a_query_as_literals() -> None:
    moment = datetime.combine(date(2026, 1, 31), datetime.min.time())
    text = worker_query("baseline", until=moment, category="it's", tool="$tool", agent="", severity="high")
    assert "f.ts < TIMESTAMP '2026-01-31 00:00:00'" in text
    assert "= 'it''s' AND" in text
    assert "= '$tool' AND" in text
