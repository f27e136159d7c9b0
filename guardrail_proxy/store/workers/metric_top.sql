-- The 20 most frequent violations and failures of each hour, of the sessions started from $since on and before $until.
WITH found AS (
    SELECT date_trunc('hour', s.started_at) AS bucket, 'violation' AS kind, v.rule_id AS id, s.tool, count(*) AS n
    FROM violations AS v
    JOIN sessions AS s ON s.session_id = v.session_id AND s.day = v.day
    WHERE s.started_at >= $since AND s.started_at < $until AND coalesce(s.origin, '') <> 'import'
    AND v.day >= cast($since AS date) AND v.day <= cast($until AS date)
    GROUP BY date_trunc('hour', s.started_at), v.rule_id, s.tool
    UNION ALL
    SELECT date_trunc('hour', s.started_at) AS bucket, 'failure' AS kind, f.failure_mode AS id, s.tool, count(*) AS n
    FROM failures AS f
    JOIN sessions AS s ON s.session_id = f.session_id AND s.day = f.day
    WHERE s.started_at >= $since AND s.started_at < $until AND coalesce(s.origin, '') <> 'import'
    AND f.day >= cast($since AS date) AND f.day <= cast($until AS date)
    GROUP BY date_trunc('hour', s.started_at), f.failure_mode, s.tool
),
ranked AS (
    SELECT bucket, kind, id, tool, n, row_number() OVER (PARTITION BY bucket, kind ORDER BY n DESC, id, tool) AS rank
    FROM found
)
SELECT bucket, kind, id, tool, n, rank
FROM ranked
WHERE rank <= 20
ORDER BY bucket, kind, rank
