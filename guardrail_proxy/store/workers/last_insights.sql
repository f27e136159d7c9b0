-- The last 100 insights: those that last first, then the newest.
SELECT
    CAST(insight_id AS STRING) AS insight_id, created_at, window_start, window_end, closed_at, kind, category, tool,
    agent, severity, n, baseline, message
FROM insights
ORDER BY CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END, created_at DESC, window_start DESC, insight_id
LIMIT 100
