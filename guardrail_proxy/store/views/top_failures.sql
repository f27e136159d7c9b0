-- The failure modes of the last 30 days, most frequent first; imported sessions are left out.
--     SELECT failure_mode, n, sessions, last_seen
--     FROM top_failures
--     WHERE status = 'counted'
-- n: how often it was found
-- sessions: in how many sessions
-- last_seen: the last time
SELECT
    failure_mode, category, severity, status, count(*) AS n, count(DISTINCT session_id) AS sessions, max(ts) AS last_seen
FROM failures AS f
WHERE ts >= make_timestamp(epoch_us(now())) - INTERVAL 30 DAYS
AND NOT EXISTS (
    SELECT 1
    FROM sessions AS s
    WHERE s.session_id = f.session_id AND s.day = f.day AND s.origin = 'import'
)
GROUP BY failure_mode, category, severity, status
ORDER BY n DESC, failure_mode, severity, status;
