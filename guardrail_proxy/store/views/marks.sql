-- What people say of a session: pinned ones are never swept away.
--     SELECT started_at, tool, tags, prompt
--     FROM sessions
--     JOIN marks USING (session_id)
--     WHERE pinned OR list_contains(tags, 'release')
--     ORDER BY started_at DESC
SELECT *
FROM base.marks;
