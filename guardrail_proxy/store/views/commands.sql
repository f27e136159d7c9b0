-- Shell commands with their risk and exit code.
--     SELECT session_id, command, exit_code
--     FROM commands
--     WHERE command LIKE 'git push%' AND NOT denied
SELECT *
FROM base.commands
UNION ALL BY NAME
SELECT session_id, day, unnest(commands, max_depth := 2)
FROM base.spooled;
