-- One row for each session that ended, up to this moment.
--     SELECT day, tool, count(*) AS sessions, sum(n_failures) AS failures
--     FROM sessions
--     WHERE day > today() - 7
--     GROUP BY day, tool
--     ORDER BY day, tool
SELECT *
FROM base.sessions
UNION ALL BY NAME
SELECT * EXCLUDE (stages, violations, failures, tool_calls, code_blocks, commands, events, file_changes, agent_activity)
FROM base.spooled;
