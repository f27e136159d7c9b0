-- The failure trend of the last 48 hours.
SELECT bucket, category, tool, agent, severity, n
FROM failure_trend
WHERE bucket > $now - INTERVAL '48 hours' AND bucket <= $now
ORDER BY bucket, n DESC, category, tool, agent, severity
