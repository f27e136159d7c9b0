-- Fifteen questions that workers and people ask, over the SQL surface; $now is the end of the data.
-- name: failures of a day, by hour
SELECT date_trunc('hour', ts) AS hour, category, tool, severity, count(*) AS n FROM failures
WHERE ts >= $now - INTERVAL 24 HOURS GROUP BY ALL ORDER BY ALL;
-- name: spikes of an hour beside their week
WITH last AS (SELECT category, tool, count(*) AS n FROM failures WHERE ts >= $now - INTERVAL 1 HOUR GROUP BY ALL),
usual AS (SELECT category, tool, count(*) / 168.0 AS n FROM failures WHERE ts >= $now - INTERVAL 7 DAYS GROUP BY ALL)
SELECT category, tool, last.n, usual.n AS baseline FROM last LEFT JOIN usual USING (category, tool) ORDER BY ALL;
-- name: sessions of a day
SELECT tool, count(*) AS n, avg(success::INTEGER) AS succeeded, avg(duration_ms) AS ms, sum(n_failures) AS failures
FROM sessions WHERE started_at >= $now - INTERVAL 24 HOURS GROUP BY tool ORDER BY tool;
-- name: percentiles of a month
SELECT tool, quantile_cont(duration_ms, [0.5, 0.95]) AS ms, sum(cost_usd) AS cost FROM sessions
WHERE started_at >= $now - INTERVAL 30 DAYS GROUP BY tool ORDER BY tool;
-- name: top rules of a month
SELECT rule_id, severity, count(*) AS n, count(DISTINCT session_id) AS sessions FROM violations
WHERE ts >= $now - INTERVAL 30 DAYS GROUP BY ALL ORDER BY n DESC, rule_id LIMIT 20;
-- name: top failures of a month
SELECT failure_mode, status, count(*) AS n, count(DISTINCT session_id) AS sessions FROM failures
WHERE ts >= $now - INTERVAL 30 DAYS GROUP BY ALL ORDER BY n DESC, failure_mode LIMIT 20;
-- name: roles of a month
SELECT agent, tool, count(*) AS n, avg(duration_ms) AS ms, sum(n_failures) / count(*) AS failures, sum(tokens_out) AS tokens
FROM sessions WHERE started_at >= $now - INTERVAL 30 DAYS GROUP BY ALL ORDER BY ALL;
-- name: the last hundred failures
SELECT f.ts, f.failure_mode, f.message, f.evidence, s.prompt, s.repo
FROM (SELECT * FROM failures ORDER BY ts DESC, session_id LIMIT 100) AS f JOIN sessions AS s USING (session_id, day)
ORDER BY f.ts DESC, f.session_id;
-- name: stages of a week
SELECT stage, count(*) AS n, avg(duration_ms) AS ms, quantile_cont(duration_ms, 0.95) AS p95 FROM stages
WHERE day >= ($now - INTERVAL 7 DAYS)::DATE GROUP BY stage ORDER BY stage;
-- name: tool calls of a month
SELECT s.tool, c.name, count(*) AS n, avg(c.ok::INTEGER) AS ok, avg(c.duration_ms) AS ms
FROM tool_calls AS c JOIN sessions AS s USING (session_id, day)
WHERE c.day >= ($now - INTERVAL 30 DAYS)::DATE GROUP BY ALL ORDER BY ALL;
-- name: risky commands of all time
SELECT command, risk, count(*) AS n, count(DISTINCT session_id) AS sessions FROM commands
WHERE risk <> 'none' GROUP BY ALL ORDER BY n DESC, command LIMIT 20;
-- name: failures beside failures
SELECT a.category AS one, b.category AS other, count(*) AS n FROM failures AS a JOIN failures AS b USING (session_id)
WHERE a.category < b.category GROUP BY ALL ORDER BY n DESC, one, other LIMIT 20;
-- name: days of all time
SELECT day, tool, count(*) AS n, sum(n_failures) AS failures FROM sessions GROUP BY ALL ORDER BY ALL;
-- name: failures beside violations
SELECT v.category AS broken, f.category AS failed, count(DISTINCT session_id) AS n
FROM violations AS v JOIN failures AS f USING (session_id) GROUP BY ALL ORDER BY n DESC, broken, failed LIMIT 20;
-- name: text of prompts
SELECT session_id, tool, started_at FROM sessions WHERE prompt LIKE '%disk space%' AND n_critical > 0
ORDER BY started_at DESC, session_id LIMIT 20;
