-- Sessions that run or are being finished; one that was killed is here until the ingester has finished it.
--     SELECT tool, pid, started_at, state
--     FROM live
--     ORDER BY started_at
-- session_id: as in sessions, where it will be
-- tool: the wrapped CLI, as in sessions
-- pid: process id of the shim
-- started_at: when the CLI was started
-- ended_at: when it ended; NULL while it runs
-- state: running or finishing
WITH starts AS (
    SELECT parse_dirpath(filename) AS folder, try(decode(content)::JSON) AS r
    FROM read_blob($starts)
),
ends AS (
    SELECT parse_dirpath(filename) AS folder, try(decode(content)::JSON) AS r
    FROM read_blob($ends)
)
SELECT
    s.r ->> 'session_id' AS session_id,
    s.r ->> 'cli' AS tool,
    try_cast(s.r ->> 'pid' AS BIGINT) AS pid,
    try(make_timestamp(try_cast(try_cast(s.r ->> 'started_at' AS DOUBLE) * 1e6 AS BIGINT))) AS started_at,
    try(make_timestamp(try_cast(try_cast(e.r ->> 'ended_at' AS DOUBLE) * 1e6 AS BIGINT))) AS ended_at,
    CASE WHEN e.folder IS NULL THEN 'running' ELSE 'finishing' END AS state
FROM starts AS s
LEFT JOIN ends AS e ON e.folder = s.folder
WHERE (s.r ->> 'session_id') IS NOT NULL;
