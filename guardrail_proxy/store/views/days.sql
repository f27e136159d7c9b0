-- Each day of your own time zone: sessions of each CLI, how they went, what they cost; imported ones are left out.
--     SELECT local_day, tool, sessions, succeeded, failures, minutes
--     FROM days
--     WHERE local_day > today() - 14
-- local_day: the day by the clock on the wall; elsewhere day is a day of UTC
-- sessions: how many began that day
-- succeeded: how many completed with exit status 0
-- violations: what rules found in them
-- failures: what the AI did wrong in them
-- critical: how much of both is critical
-- minutes: how long they took together
-- cost_usd: what they cost, where the CLI says it
SELECT
    CAST(timezone(coalesce(getvariable('local_zone'), current_setting('TimeZone')), timezone('UTC', started_at)) AS DATE)
        AS local_day,
    tool, count(*) AS sessions, count(*) FILTER (success) AS succeeded, sum(n_violations)::BIGINT AS violations,
    sum(n_failures)::BIGINT AS failures, sum(n_critical)::BIGINT AS critical,
    round(sum(duration_ms) / 60000, 1) AS minutes, round(sum(cost_usd), 4) AS cost_usd
FROM sessions
WHERE origin IS DISTINCT FROM 'import'
GROUP BY local_day, tool
ORDER BY local_day DESC, tool;
