-- What changed in the working tree between start and end of each session.
--     SELECT started_at, tool, prompt, change
--     FROM file_changes
--     JOIN sessions USING (session_id, day)
--     WHERE path LIKE '%auth%'
--     ORDER BY started_at DESC
SELECT *
FROM base.file_changes
UNION ALL BY NAME
SELECT session_id, day, unnest(file_changes, max_depth := 2)
FROM base.spooled;
