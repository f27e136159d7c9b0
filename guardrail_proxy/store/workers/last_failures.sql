-- The last 100 failures, newest first.
SELECT ts, category, severity, tool, coalesce(nullif(evidence, ''), message, '') AS context
FROM failures
ORDER BY ts DESC, session_id DESC, event_seq DESC, failure_mode, context
LIMIT 100
