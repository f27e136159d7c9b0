-- How many failures of one kind an hour had, in the week before $until.
SELECT count(*) / 168e0 AS per_hour
FROM failures AS f
WHERE f.ts >= $until - INTERVAL '168 hours' AND f.ts < $until
AND coalesce(f.category, '') = $category AND coalesce(f.tool, '') = $tool AND coalesce(f.agent, '') = $agent
AND coalesce(f.severity, '') = $severity
AND NOT EXISTS (
    SELECT 1
    FROM sessions AS s
    WHERE s.session_id = f.session_id AND s.origin = 'import'
)
