-- Failures of each hour, by category, tool and agent.
--     SELECT bucket, category, sum(n) AS failures
--     FROM failure_trend
--     WHERE bucket > now() - INTERVAL 1 DAY
--     GROUP BY bucket, category
--     ORDER BY bucket, category
SELECT *
FROM base.failure_trend;
