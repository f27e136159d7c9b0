-- Sessions started before $before that nobody pinned, oldest first.
SELECT CAST(s.session_id AS STRING) AS session_id
FROM sessions AS s
WHERE s.started_at < $before
AND NOT EXISTS (
    SELECT 1
    FROM marks AS m
    WHERE m.session_id = s.session_id AND m.pinned
)
ORDER BY s.started_at, session_id
