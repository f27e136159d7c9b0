-- name: failures_of_a_day
SELECT date_trunc('hour', ts) AS bucket, category, tool, agent, severity, count(*) AS n
FROM failures WHERE ts >= $now - INTERVAL '24 hours' AND ts < $now
GROUP BY date_trunc('hour', ts), category, tool, agent, severity ORDER BY n DESC, bucket, category, tool, coalesce(agent, ''), severity LIMIT 50;
-- name: spikes_beside_their_week
WITH cur AS (SELECT category, tool, severity, count(*) AS n FROM failures WHERE ts >= $now - INTERVAL '24 hours' AND ts < $now GROUP BY category, tool, severity),
base AS (SELECT category, tool, severity, count(*) / 168e0 AS per_hour FROM failures WHERE ts >= $now - INTERVAL '192 hours' AND ts < $now - INTERVAL '24 hours' GROUP BY category, tool, severity)
SELECT c.category, c.tool, c.severity, c.n, round(coalesce(b.per_hour, 0), 4) AS baseline
FROM cur c LEFT JOIN base b ON c.category = b.category AND c.tool = b.tool AND c.severity = b.severity ORDER BY c.n DESC, c.category, c.tool, c.severity;
-- name: metrics_of_a_day
SELECT tool, count(*) AS sessions, avg(CASE WHEN success THEN 1e0 ELSE 0e0 END) AS success_rate, avg(duration_ms) AS avg_ms, max(duration_ms) AS max_ms, sum(n_violations) AS violations, sum(n_failures) AS failures, sum(CASE WHEN decision = 'blocked' THEN 1 ELSE 0 END) AS blocked
FROM sessions WHERE started_at >= $now - INTERVAL '24 hours' AND started_at < $now GROUP BY tool ORDER BY sessions DESC, tool;
-- name: percentiles_of_a_month
SELECT tool, count(*) AS sessions, avg(CASE WHEN success THEN 1e0 ELSE 0e0 END) AS success_rate, percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) AS p50, percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms) AS p95, sum(cost_usd) AS cost
FROM sessions WHERE started_at >= $now - INTERVAL '30 days' GROUP BY tool ORDER BY tool;
-- name: top_violations
SELECT rule_id, category, severity, count(*) AS n, count(DISTINCT session_id) AS sessions FROM violations WHERE ts >= $now - INTERVAL '30 days' GROUP BY rule_id, category, severity ORDER BY n DESC, rule_id, category, severity LIMIT 20;
-- name: top_failures
SELECT category, severity, count(*) AS n, count(DISTINCT session_id) AS sessions FROM failures WHERE ts >= $now - INTERVAL '30 days' GROUP BY category, severity ORDER BY n DESC, category, severity LIMIT 20;
-- name: agents
SELECT agent, tool, count(*) AS sessions, avg(CASE WHEN success THEN 1e0 ELSE 0e0 END) AS success_rate, avg(duration_ms) AS avg_ms, sum(n_failures) * 1e0 / count(*) AS failures_per_session, sum(tokens_out) AS tokens_out
FROM sessions WHERE started_at >= $now - INTERVAL '30 days' GROUP BY agent, tool ORDER BY coalesce(agent, ''), tool;
-- name: last_failures_with_their_sessions
SELECT f.ts, f.category, f.severity, f.tool, f.message, f.evidence, s.prompt, s.repo, s.decision
FROM (SELECT * FROM failures ORDER BY ts DESC, session_id, event_seq, failure_mode, fingerprint LIMIT 100) f
JOIN sessions s ON f.session_id = s.session_id AND f.day = s.day ORDER BY f.ts DESC, f.session_id, f.event_seq, f.failure_mode, f.fingerprint;
-- name: stage_timing
SELECT stage, count(*) AS n, avg(duration_ms) AS avg_ms, percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms) AS p95 FROM stages WHERE day >= cast($now - INTERVAL '7 days' AS date) GROUP BY stage ORDER BY stage;
-- name: tool_call_errors
SELECT s.tool, c.name, count(*) AS calls, avg(CASE WHEN c.ok THEN 0e0 ELSE 1e0 END) AS error_rate, avg(c.duration_ms) AS avg_ms
FROM tool_calls c JOIN sessions s ON c.session_id = s.session_id WHERE c.day >= cast($now - INTERVAL '30 days' AS date) GROUP BY s.tool, c.name ORDER BY s.tool, c.name;
-- name: risky_commands
SELECT command, risk, count(*) AS n, count(DISTINCT session_id) AS sessions FROM commands WHERE risk <> 'none' GROUP BY command, risk ORDER BY n DESC, command, risk LIMIT 20;
-- name: failures_together
SELECT a.category AS c1, b.category AS c2, count(*) AS n FROM failures a JOIN failures b ON a.session_id = b.session_id AND a.category < b.category
WHERE a.day >= cast($now - INTERVAL '30 days' AS date) AND b.day >= cast($now - INTERVAL '30 days' AS date) GROUP BY a.category, b.category ORDER BY n DESC, c1, c2 LIMIT 20;
-- name: days
SELECT day, tool, count(*) AS sessions, sum(n_failures) AS failures, avg(CASE WHEN success THEN 1e0 ELSE 0e0 END) AS success_rate FROM sessions GROUP BY day, tool ORDER BY day, tool;
-- name: failure_after_violation
SELECT v.category AS vcat, f.category AS fcat, count(DISTINCT v.session_id) AS sessions FROM violations v JOIN failures f ON v.session_id = f.session_id GROUP BY v.category, f.category ORDER BY sessions DESC, vcat, fcat LIMIT 20;
-- name: text_search
SELECT session_id, tool, started_at FROM sessions WHERE prompt LIKE '%test%' ORDER BY started_at DESC, session_id LIMIT 20;
