-- $count sessions over sixty days up to $end, oldest first; the same number gives the same sessions. Within the last
-- half hour one CLI lies again and again, so that there is an insight.
CREATE OR REPLACE TEMP MACRO chance(i, salt) AS (md5_number_lower(i || ':' || salt) % 1000000)::INTEGER;
CREATE OR REPLACE TEMP MACRO pick(list, c) AS list[1 + c % len(list)];
CREATE OR REPLACE TEMP MACRO filled(text, thing) AS replace(text, '{thing}', thing);
CREATE OR REPLACE TEMP TABLE bounds AS
SELECT story, coalesce(sum(weight) OVER (ORDER BY weight DESC, story ROWS UNBOUNDED PRECEDING) - weight, 0) AS low, weight
FROM stories;
CREATE OR REPLACE TEMP TABLE rolled AS
SELECT
    i,
    CASE
        WHEN is_spike THEN $end::TIMESTAMP - to_minutes(2 * ($count - i))
        ELSE $end::TIMESTAMP - to_microseconds((((($count - i) - 0.5) / $count) ** 1.3 * 60 * 86400e6)::BIGINT)
    END AS started_at,
    CASE WHEN is_spike THEN (SELECT low FROM bounds WHERE story = 'lie') ELSE chance(i, 'story') % 100 END AS roll,
    CASE WHEN is_spike THEN 0 ELSE chance(i, 'tool') % 100 END AS t,
    CASE WHEN is_spike THEN 0 ELSE chance(i, 'agent') % 100 END AS a,
    chance(i, 'mode') % 5 = 0 AS is_strict, chance(i, 'who') AS who,
    pick(['auth', 'billing', 'parser', 'search', 'invoice', 'report', 'queue', 'session', 'webhook', 'image'], chance(i, 'thing'))
        AS thing,
    (2000 * exp(chance(i, 'time') / 220000.0))::BIGINT AS duration_ms, md5('session ' || i) AS digest
FROM (SELECT i, i >= $count - least(14, $count // 20) AS is_spike FROM range($count) AS r (i));
CREATE OR REPLACE TEMP TABLE chosen AS
SELECT
    r.*, started_at::DATE AS day, b.story, s.prompt, s.outcome, s.exit_code AS code, s.writes,
    CASE WHEN t < 50 THEN 'claude' WHEN t < 78 THEN 'codex' WHEN t < 90 THEN 'gemini' ELSE 'opencode' END AS tool,
    CASE WHEN a < 70 THEN NULL WHEN a < 85 THEN 'reviewer' ELSE 'security' END AS agent,
    regexp_replace(lpad(to_hex(epoch_ms(started_at)), 12, '0') || '7' || substr(digest, 1, 3) || 'a' || substr(digest, 4, 15),
        '^(.{8})(.{4})(.{4})(.{4})(.{12})$', '\1-\2-\3-\4-\5')::UUID AS session_id
FROM rolled AS r
JOIN bounds AS b ON r.roll >= b.low AND r.roll < b.low + b.weight
JOIN stories AS s ON s.story = b.story;
CREATE OR REPLACE TEMP TABLE happened AS
SELECT
    c.session_id, c.day, c.i, s.seq, started_at + to_milliseconds(duration_ms * (s.seq + 1) // 12) AS ts, s.kind,
    filled(s.text, thing) AS text, s.name, filled(s.ref, thing) AS ref, s.exit_code, s.risk,
    s.risk = 'critical' AND c.is_strict AS denied
FROM chosen AS c
JOIN steps AS s ON s.story = c.story;
CREATE OR REPLACE TEMP TABLE found AS
SELECT
    c.session_id, c.day, c.i, started_at + to_milliseconds(duration_ms * (f.seq + 1) // 12) AS ts, c.tool, c.agent,
    f.id, split_part(f.id, '/', 1) AS category, f.severity, f.message, filled(f.quote, thing) AS quote, f.fix, f.status,
    f.seq AS event_seq, md5(f.id || thing) AS fingerprint, c.is_strict
FROM chosen AS c
JOIN finds AS f ON f.story = c.story;
