-- What the AI claimed and its own session contradicts, newest session first; imported sessions are left out.
--     SELECT started_at, tool, message, evidence
--     FROM lies
--     WHERE status = 'counted' AND started_at > now() - INTERVAL 7 DAYS
SELECT
    s.started_at, f.ts, f.session_id, f.tool, f.failure_mode, f.severity, f.status, f.message, f.evidence, s.prompt,
    s.repo
FROM failures AS f
JOIN sessions AS s ON s.session_id = f.session_id AND s.day = f.day
WHERE f.category = 'honesty' AND s.origin IS DISTINCT FROM 'import'
ORDER BY s.started_at DESC, f.session_id, f.event_seq, f.failure_mode;
