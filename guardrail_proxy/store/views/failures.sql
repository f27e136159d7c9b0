-- What the AI did wrong, one row each, in every session up to this moment.
--     SELECT ts, tool, failure_mode, message, evidence
--     FROM failures
--     WHERE status = 'counted' AND ts > now() - INTERVAL 7 DAYS
--     ORDER BY ts DESC
SELECT *
FROM base.failures
UNION ALL BY NAME
SELECT session_id, day, unnest(failures, max_depth := 2)
FROM base.spooled;
