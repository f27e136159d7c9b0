"""COLD. What became of the sessions of a store, and of one daemon's own requests."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypedDict

from guardrail_proxy.store.database import DatabaseManager, Row

Fate = Literal["approved", "blocked", "failed"]
FATES = """
WITH fates AS (
    SELECT
        tool, agent, duration_ms,
        CASE
            WHEN decision = 'blocked' THEN 'blocked'
            WHEN decision = 'approved' AND exit_code = 0 THEN 'approved'
            ELSE 'failed'
        END AS fate
    FROM sessions
    WHERE origin IS DISTINCT FROM 'import'
)
SELECT
    tool, agent, grouping(tool, agent) AS left_out, count(*) AS total, count(*) FILTER (fate = 'approved') AS approved,
    count(*) FILTER (fate = 'blocked') AS blocked, count(*) FILTER (fate = 'failed') AS failed,
    coalesce(avg(duration_ms) FILTER (fate <> 'failed'), 0) AS avg_duration_ms
FROM fates
GROUP BY GROUPING SETS ((), (tool), (agent))
ORDER BY tool, agent
"""
ALL, TOOLS, AGENTS = 3, 1, 2
"""What ``grouping`` says of each of the three sets."""


class Counts(TypedDict):
    """How they ended; ``failed``: no answer, or nobody could look at it."""

    total: int
    approved: int
    blocked: int
    failed: int
    success_rate: float
    """Approved of all, 0 to 1."""
    avg_duration_ms: float
    """Over those with an answer."""


class Statistics(Counts):
    """All sessions of the store but imported ones, each tool and agent by itself, and this daemon's own requests."""

    per_tool: dict[str, Counts]
    per_agent: dict[str, Counts]
    this_daemon: Counts


@dataclass(slots=True)
class Ledger:
    """What one daemon's requests became; one that never became a session is in no store."""

    entries: list[tuple[Fate, int]] = field(default_factory=list)

    def note(self, fate: Fate, duration_ms: int = 0) -> None:
        """One more."""
        self.entries.append((fate, duration_ms))

    def counts(self) -> Counts:
        """The counts by now."""
        fates = [fate for fate, _ in self.entries]
        times = [duration_ms for fate, duration_ms in self.entries if fate != "failed"]
        average = sum(times) / len(times) if times else 0.0
        return _counts(fates.count("approved"), fates.count("blocked"), fates.count("failed"), average)


def statistics(db: DatabaseManager, ledger: Ledger) -> Statistics:
    """The store's, and the ledger's beside them."""
    rows = db.query(FATES)
    return {
        **_of(rows, ALL)[""],
        "per_tool": _of(rows, TOOLS, "tool"),
        "per_agent": {name: counts for name, counts in _of(rows, AGENTS, "agent").items() if name},
        "this_daemon": ledger.counts(),
    }


def _of(rows: Sequence[Row], level: int, name: str = "") -> dict[str, Counts]:
    """Name -> counts of the rows of one grouping set."""
    return {str(row.get(name) or ""): _row_counts(row) for row in rows if row["left_out"] == level}


def _row_counts(row: Row) -> Counts:
    approved, blocked, failed = (int(str(row[fate])) for fate in ("approved", "blocked", "failed"))
    return _counts(approved, blocked, failed, float(str(row["avg_duration_ms"])))


def _counts(approved: int, blocked: int, failed: int, avg_duration_ms: float) -> Counts:
    total = approved + blocked + failed
    return {
        "total": total,
        "approved": approved,
        "blocked": blocked,
        "failed": failed,
        "success_rate": approved / total if total else 0.0,
        "avg_duration_ms": avg_duration_ms,
    }
