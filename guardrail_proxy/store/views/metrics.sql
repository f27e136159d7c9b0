-- Sums of each minute, by tool and agent; imported sessions are left out.
--     SELECT date_trunc('hour', bucket) AS hour, sum(sessions) AS sessions, sum(duration_ms_sum) / sum(timed) AS avg_ms
--     FROM metrics
--     WHERE bucket > now() - INTERVAL 1 DAY
--     GROUP BY date_trunc('hour', bucket)
--     ORDER BY hour
-- success_rate: ok / sessions, from 0 to 1
-- duration_ms_avg: duration_ms_sum / timed; NULL where no duration is known
SELECT *, ok * 1e0 / sessions AS success_rate, duration_ms_sum / nullif(timed, 0) AS duration_ms_avg
FROM base.metrics;
