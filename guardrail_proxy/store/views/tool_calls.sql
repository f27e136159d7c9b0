-- What the AI asked its tools to do, commands and file writes included.
--     SELECT name, count(*) AS calls, count(*) FILTER (NOT ok) AS failed, round(avg(duration_ms)) AS avg_ms
--     FROM tool_calls
--     GROUP BY name
--     ORDER BY calls DESC
SELECT *
FROM base.tool_calls
UNION ALL BY NAME
SELECT session_id, day, unnest(tool_calls, max_depth := 2)
FROM base.spooled;
