-- From the temporary tables into the base tables, oldest session first: a query over some days reads little.
INSERT INTO base.sessions BY NAME
SELECT
    c.session_id, c.day, started_at, started_at + to_milliseconds(duration_ms) AS ended_at, duration_ms, tool,
    CASE tool WHEN 'claude' THEN '2.1.197' WHEN 'codex' THEN '0.101.0' ELSE '1.2.0' END AS tool_version, agent,
    CASE tool WHEN 'claude' THEN 'claude-sonnet-4-5' WHEN 'codex' THEN 'gpt-5-codex' ELSE tool || '-large' END AS model,
    CASE WHEN is_strict THEN 'strict' ELSE 'standard' END AS mode,
    CASE WHEN outcome = 'crashed' THEN 'aborted' WHEN is_strict AND story IN ('lie', 'key', 'loop') THEN 'blocked'
        ELSE 'approved' END AS decision,
    outcome, code AS exit_code, outcome = 'completed' AND code = 0 AS success, who % 3 = 0 AS interactive,
    false AS bypassed, filled(prompt, thing) AS prompt, ['-p', filled(prompt, thing)] AS argv,
    '/home/demo/src/' || thing AS cwd, '/home/demo/src/' || thing AS repo, pick(['main', 'dev', 'fix'], who) AS branch,
    left(digest, 40) AS head_before, CASE WHEN story IN ('commit', 'lie') THEN md5(digest) ELSE left(digest, 40) END AS head_after,
    'demo' || who % 4 AS user_name, 'demo-' || who % 4 AS host, $version AS proxy_version, 'shim' AS origin,
    CASE WHEN tool IN ('claude', 'codex') THEN 'native' ELSE 'screen' END AS evidence,
    CASE WHEN tool IN ('claude', 'codex') THEN '{"native": "whole", "hooks": "all calls"}' ELSE '{"screen": "rendered"}' END::JSON
        AS coverage,
    r.output_ref, r.output_bytes, r.output_sha256, r.output_head,
    1000 + who % 60000 AS tokens_in, 100 + who % 6000 AS tokens_out, round(who % 600 / 1000.0, 3) AS cost_usd,
    coalesce(n.violations, 0) AS n_violations, coalesce(n.failures, 0) AS n_failures, coalesce(n.critical, 0) AS n_critical,
    ['working_agreement.md'] AS context_docs, '{"demo": true}'::JSON AS extra
FROM chosen AS c
LEFT JOIN recorded AS r ON r.session_id = c.session_id
LEFT JOIN (
    SELECT session_id, count(*) FILTER (status = 'violation') AS violations,
        count(*) FILTER (status <> 'violation') AS failures, count(*) FILTER (severity = 'critical') AS critical
    FROM found
    GROUP BY session_id
) AS n ON n.session_id = c.session_id
ORDER BY i;
INSERT INTO base.events BY NAME
SELECT session_id, day, seq, ts, kind, 'native' AS source, text, ref
FROM happened
ORDER BY i, seq;
INSERT INTO base.commands BY NAME
SELECT session_id, day, (row_number() OVER (PARTITION BY i ORDER BY seq))::INTEGER - 1 AS seq, text AS command, risk,
    CASE WHEN NOT denied THEN exit_code END AS exit_code, '/home/demo/src' AS cwd, denied, seq AS event_seq
FROM happened
WHERE kind = 'command'
ORDER BY i, event_seq;
INSERT INTO base.tool_calls BY NAME
SELECT session_id, day, (row_number() OVER (PARTITION BY i ORDER BY seq))::INTEGER - 1 AS seq, ts, name,
    CASE kind WHEN 'command' THEN json_object('command', text) ELSE json_object('path', ref) END AS args,
    NOT denied AND coalesce(exit_code, 0) = 0 AS ok, 20.0 + chance(i, seq) % 4000 AS duration_ms, seq AS event_seq
FROM happened
WHERE kind IN ('command', 'tool call', 'file write')
ORDER BY i, event_seq;
INSERT INTO base.code_blocks BY NAME
SELECT session_id, day, 0 AS seq, ref AS language, len(string_split(text, '\n')) AS lines, strlen(text)::INTEGER AS bytes,
    sha256(text) AS sha256, seq AS event_seq
FROM happened
WHERE kind = 'code block'
ORDER BY i;
INSERT INTO base.file_changes BY NAME
SELECT session_id, day, 0 AS seq, ref AS path, CASE name WHEN 'Write' THEN 'added' ELSE 'modified' END AS change,
    1 + chance(i, 'added') % 90 AS lines_added, CASE name WHEN 'Write' THEN 0 ELSE chance(i, 'gone') % 30 END AS lines_deleted,
    'git' AS source
FROM happened
WHERE kind = 'file write'
ORDER BY i;
INSERT INTO base.violations BY NAME
SELECT session_id, day, ts, tool, agent, id AS rule_id, category, severity, message, quote AS snippet, 1 AS line,
    1.0 AS confidence, CASE category WHEN 'secrets' THEN 'written' ELSE 'executed' END AS context, false AS in_test,
    is_strict AND severity = 'critical' AND category = 'commands' AS denied, fingerprint, event_seq, fix
FROM found
WHERE status = 'violation'
ORDER BY i;
INSERT INTO base.failures BY NAME
SELECT session_id, day, ts, tool, agent, id AS failure_mode, category, severity, status, message, quote AS evidence,
    1 AS line, 1.0 AS confidence, fingerprint, event_seq, fix
FROM found
WHERE status <> 'violation'
ORDER BY i;
INSERT INTO base.stages BY NAME
SELECT session_id, day, ord::TINYINT AS ord, stage, started_at + to_milliseconds(duration_ms) AS started_at,
    CASE stage WHEN 'run' THEN duration_ms ELSE 0.2 + chance(i, stage) % 400 / 10.0 END AS duration_ms, true AS ok
FROM chosen, (SELECT unnest(names) AS stage, generate_subscripts(names, 1) - 1 AS ord
    FROM (SELECT ['context', 'run', 'parse', 'validate', 'detect', 'enforce', 'log', 'result'] AS names)) AS s
ORDER BY i, ord;
INSERT INTO base.agent_activity BY NAME
SELECT session_id, day, started_at AS ts, agent, 'session' AS action, duration_ms,
    json_object('outcome', outcome) AS agent_metadata
FROM chosen
WHERE agent IS NOT NULL
ORDER BY i;
INSERT INTO base.unguarded BY NAME
SELECT tool, digest AS native_id, '/home/demo/.claude/projects/' || digest || '.jsonl' AS path,
    '/home/demo/src/' || thing AS cwd, started_at, started_at + INTERVAL 5 MINUTES AS ended_at, $end::TIMESTAMP AS found_at
FROM chosen
WHERE tool = 'claude' AND i % 500 = 7
ORDER BY i;
INSERT INTO base.marks BY NAME
SELECT session_id, i % 1000 = 3 AS pinned, ['release'] AS tags
FROM chosen
WHERE i % 250 = 3
ORDER BY i;
