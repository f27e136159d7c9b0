-- Sums of each minute, by tool and agent, of the sessions started from $since on and before $until.
SELECT
    date_trunc('minute', started_at) AS bucket,
    coalesce(tool, '') AS tool,
    coalesce(agent, '') AS agent,
    count(*) AS sessions,
    sum(CASE WHEN success THEN 1 ELSE 0 END) AS ok,
    sum(CASE WHEN decision = 'blocked' THEN 1 ELSE 0 END) AS blocked,
    coalesce(sum(duration_ms), 0) * 1e0 AS duration_ms_sum,
    max(duration_ms) * 1e0 AS duration_ms_max,
    coalesce(sum(n_violations), 0) AS violations,
    coalesce(sum(n_failures), 0) AS failures,
    coalesce(sum(n_critical), 0) AS critical,
    sum(tokens_in) AS tokens_in,
    sum(tokens_out) AS tokens_out,
    sum(cost_usd) AS cost_usd,
    count(duration_ms) AS timed,
    sum(CASE WHEN outcome = 'completed' THEN 1 ELSE 0 END) AS completed,
    sum(CASE WHEN outcome = 'failed' THEN 1 ELSE 0 END) AS failed,
    sum(CASE WHEN outcome = 'api-error' THEN 1 ELSE 0 END) AS api_error,
    sum(CASE WHEN outcome = 'limit' THEN 1 ELSE 0 END) AS limited,
    sum(CASE WHEN outcome = 'interrupted' THEN 1 ELSE 0 END) AS interrupted,
    sum(CASE WHEN outcome = 'crashed' THEN 1 ELSE 0 END) AS crashed,
    sum(CASE WHEN outcome = 'chat-only' THEN 1 ELSE 0 END) AS chat_only
FROM sessions
WHERE started_at >= $since AND started_at < $until AND coalesce(origin, '') <> 'import'
GROUP BY date_trunc('minute', started_at), coalesce(tool, ''), coalesce(agent, '')
ORDER BY bucket, tool, agent
