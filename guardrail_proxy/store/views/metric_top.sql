-- The most frequent violations and failures of each bucket.
--     SELECT bucket, kind, id, tool, n
--     FROM metric_top
--     WHERE rank = 1
--     ORDER BY bucket DESC, kind
SELECT *
FROM base.metric_top;
