-- Fenced code in what the AI said.
--     SELECT language, count(*) AS blocks, sum(lines) AS lines
--     FROM code_blocks
--     GROUP BY language
--     ORDER BY lines DESC
SELECT *
FROM base.code_blocks
UNION ALL BY NAME
SELECT session_id, day, unnest(code_blocks, max_depth := 2)
FROM base.spooled;
