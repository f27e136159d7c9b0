-- What the rules found, one row each, in every session up to this moment.
--     SELECT rule_id, severity, count(*) AS n, count(*) FILTER (denied) AS denied
--     FROM violations
--     WHERE day > today() - 30
--     GROUP BY rule_id, severity
--     ORDER BY n DESC
SELECT *
FROM base.violations
UNION ALL BY NAME
SELECT session_id, day, unnest(violations, max_depth := 2)
FROM base.spooled;
