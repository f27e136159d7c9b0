-- Which agents and sub-agents were at work, and for how long.
--     SELECT agent, action, count(*) AS n, round(sum(duration_ms) / 60000, 1) AS minutes
--     FROM agent_activity
--     GROUP BY agent, action
--     ORDER BY minutes DESC
SELECT *
FROM base.agent_activity
UNION ALL BY NAME
SELECT session_id, day, unnest(agent_activity, max_depth := 2)
FROM base.spooled;
