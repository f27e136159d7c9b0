-- Transcripts that AI CLIs wrote and no session of ours explains.
--     SELECT tool, started_at, cwd, path
--     FROM unguarded
--     ORDER BY started_at DESC
SELECT *
FROM base.unguarded AS u
WHERE NOT EXISTS (
    SELECT 1
    FROM sessions AS s
    WHERE s.tool = u.tool AND s.native_id = u.native_id
);
