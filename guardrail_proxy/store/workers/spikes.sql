-- Times from $since on and before $until in which 10 or more failures of one kind happened within an hour.
WITH counted AS (
    SELECT
        f.ts, f.category, f.tool, coalesce(f.agent, '') AS agent, f.severity,
        count(*) OVER (
            PARTITION BY f.category, f.tool, coalesce(f.agent, ''), f.severity
            ORDER BY f.ts
            RANGE BETWEEN INTERVAL '1 hour' PRECEDING AND CURRENT ROW
        ) AS n
    FROM failures AS f
    WHERE f.ts >= $since - INTERVAL '1 hour' AND f.ts < $until
    AND NOT EXISTS (
        SELECT 1
        FROM sessions AS s
        WHERE s.session_id = f.session_id AND s.origin = 'import'
    )
),
many AS (
    SELECT
        ts, category, tool, agent, severity, n,
        lag(ts) OVER (PARTITION BY category, tool, agent, severity ORDER BY ts) AS before
    FROM counted
    WHERE n >= 10 AND ts >= $since
),
numbered AS (
    SELECT
        ts, category, tool, agent, severity, n,
        sum(CASE WHEN before >= ts - INTERVAL '1 hour' THEN 0 ELSE 1 END) OVER (
            PARTITION BY category, tool, agent, severity
            ORDER BY ts
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS spike
    FROM many
)
SELECT category, tool, agent, severity, min(ts) AS first_ts, max(ts) AS last_ts, max(n) AS n
FROM numbered
GROUP BY category, tool, agent, severity, spike
ORDER BY first_ts, category, tool, agent, severity
