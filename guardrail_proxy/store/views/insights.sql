-- What the analysis worker noticed.
--     SELECT created_at, severity, message
--     FROM insights
--     WHERE closed_at IS NULL
--     ORDER BY created_at DESC
SELECT *
FROM base.insights;
