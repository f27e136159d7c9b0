-- Failures of each hour from $since on and before $until, by category, tool, agent and severity.
SELECT
    date_trunc('hour', f.ts) AS bucket, f.category, f.tool, coalesce(f.agent, '') AS agent, f.severity, count(*) AS n
FROM failures AS f
WHERE f.ts >= $since AND f.ts < $until
AND NOT EXISTS (
    SELECT 1
    FROM sessions AS s
    WHERE s.session_id = f.session_id AND s.origin = 'import'
)
GROUP BY date_trunc('hour', f.ts), f.category, f.tool, coalesce(f.agent, ''), f.severity
ORDER BY bucket, n DESC, category, tool, agent, severity
