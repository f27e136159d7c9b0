-- The transcript of every session, in order.
--     SELECT seq, kind, source, left(text, 80) AS text
--     FROM events
--     WHERE session_id = (SELECT max_by(session_id, started_at) FROM sessions)
--     ORDER BY seq
SELECT *
FROM base.events
UNION ALL BY NAME
SELECT session_id, day, unnest(events, max_depth := 2)
FROM base.spooled;
