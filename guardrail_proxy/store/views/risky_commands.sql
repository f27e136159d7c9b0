-- Commands in which a rule found something, newest session first; denied ones never ran. Imported sessions are left out.
--     SELECT started_at, tool, risk, command, exit_code
--     FROM risky_commands
--     WHERE risk IN ('high', 'critical') AND NOT denied
SELECT s.started_at, c.session_id, s.tool, c.risk, c.command, c.exit_code, c.denied, c.cwd
FROM commands AS c
JOIN sessions AS s ON s.session_id = c.session_id AND s.day = c.day
WHERE c.risk <> 'none' AND s.origin IS DISTINCT FROM 'import'
ORDER BY s.started_at DESC, c.session_id, c.seq;
