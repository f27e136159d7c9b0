-- How long each stage took in each session.
--     SELECT stage, count(*) AS runs, round(avg(duration_ms), 1) AS avg_ms, max(duration_ms) AS worst_ms
--     FROM stages
--     GROUP BY stage
--     ORDER BY avg_ms DESC
SELECT *
FROM base.stages
UNION ALL BY NAME
SELECT session_id, day, unnest(stages, max_depth := 2)
FROM base.spooled;
