-- Sessions that left another commit checked out than they found: by a commit, a pull, a switch or a reset; not imported ones.
--     SELECT started_at, tool, branch, head_after, n_failures
--     FROM commits
--     WHERE n_failures > 0
SELECT
    started_at, session_id, day, tool, repo, branch, head_before, head_after, decision, n_violations, n_failures, prompt
FROM sessions
WHERE head_after IS NOT NULL AND head_before IS DISTINCT FROM head_after AND origin IS DISTINCT FROM 'import'
ORDER BY started_at DESC, session_id;
