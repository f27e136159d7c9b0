-- The base tables; people read them through the views of the same names. Times are TIMESTAMP in UTC.
-- The comments are the ones of the views too, and of docs/sql.md (python -m guardrail_proxy.store.document).
-- NOT NULL only on the three keys: a half-filled record must never stop the others. Columns are added, never renamed.
CREATE SCHEMA base;
CREATE TABLE base.sessions (
    session_id UUID NOT NULL, day DATE NOT NULL, started_at TIMESTAMP NOT NULL, ended_at TIMESTAMP, duration_ms BIGINT,
    tool VARCHAR, tool_version VARCHAR, agent VARCHAR, model VARCHAR, mode VARCHAR, decision VARCHAR, outcome VARCHAR,
    exit_code INTEGER, signal INTEGER, success BOOLEAN, interactive BOOLEAN, bypassed BOOLEAN, prompt VARCHAR,
    argv VARCHAR[], cwd VARCHAR, repo VARCHAR, branch VARCHAR, head_before VARCHAR, head_after VARCHAR,
    user_name VARCHAR, host VARCHAR, proxy_version VARCHAR, parent_id VARCHAR, native_id VARCHAR, external_id VARCHAR,
    origin VARCHAR, evidence VARCHAR, coverage JSON, output_bytes BIGINT, output_sha256 VARCHAR, output_ref VARCHAR,
    output_head VARCHAR, tokens_in BIGINT, tokens_out BIGINT, cost_usd DOUBLE, n_violations INTEGER, n_failures INTEGER,
    n_critical INTEGER, context_docs VARCHAR[], extra JSON
);
CREATE TABLE base.stages (
    session_id UUID NOT NULL, day DATE NOT NULL, ord TINYINT, stage VARCHAR, started_at TIMESTAMP, duration_ms DOUBLE,
    ok BOOLEAN, error VARCHAR
);
CREATE TABLE base.violations (
    session_id UUID NOT NULL, day DATE NOT NULL, ts TIMESTAMP, tool VARCHAR, agent VARCHAR, rule_id VARCHAR, doc VARCHAR,
    category VARCHAR, severity VARCHAR, message VARCHAR, snippet VARCHAR, line BIGINT, confidence DOUBLE,
    context VARCHAR, in_test BOOLEAN, denied BOOLEAN, fingerprint VARCHAR, event_seq INTEGER, fix VARCHAR
);
CREATE TABLE base.failures (
    session_id UUID NOT NULL, day DATE NOT NULL, ts TIMESTAMP, tool VARCHAR, agent VARCHAR, failure_mode VARCHAR,
    category VARCHAR, severity VARCHAR, status VARCHAR, message VARCHAR, evidence VARCHAR, line BIGINT,
    confidence DOUBLE, fingerprint VARCHAR, event_seq INTEGER, fix VARCHAR
);
CREATE TABLE base.tool_calls (
    session_id UUID NOT NULL, day DATE NOT NULL, seq INTEGER, ts TIMESTAMP, name VARCHAR, args JSON, ok BOOLEAN,
    duration_ms DOUBLE, event_seq INTEGER
);
CREATE TABLE base.code_blocks (
    session_id UUID NOT NULL, day DATE NOT NULL, seq INTEGER, language VARCHAR, lines INTEGER, bytes INTEGER,
    sha256 VARCHAR, event_seq INTEGER
);
CREATE TABLE base.commands (
    session_id UUID NOT NULL, day DATE NOT NULL, seq INTEGER, command VARCHAR, risk VARCHAR, exit_code INTEGER,
    cwd VARCHAR, denied BOOLEAN, event_seq INTEGER
);
CREATE TABLE base.events (
    session_id UUID NOT NULL, day DATE NOT NULL, seq INTEGER, ts TIMESTAMP, kind VARCHAR, source VARCHAR,
    agent_path VARCHAR, text VARCHAR, ref VARCHAR
);
CREATE TABLE base.file_changes (
    session_id UUID NOT NULL, day DATE NOT NULL, seq INTEGER, path VARCHAR, change VARCHAR, lines_added BIGINT,
    lines_deleted BIGINT, source VARCHAR
);
CREATE TABLE base.agent_activity (
    session_id UUID NOT NULL, day DATE NOT NULL, ts TIMESTAMP, agent VARCHAR, action VARCHAR, duration_ms DOUBLE,
    agent_metadata JSON
);
CREATE TABLE base.metrics (
    bucket TIMESTAMP NOT NULL, tool VARCHAR NOT NULL, agent VARCHAR NOT NULL, sessions BIGINT, ok BIGINT,
    blocked BIGINT, duration_ms_sum DOUBLE, duration_ms_max DOUBLE, violations BIGINT, failures BIGINT, critical BIGINT,
    tokens_in BIGINT, tokens_out BIGINT, cost_usd DOUBLE
);
CREATE TABLE base.metric_top (
    bucket TIMESTAMP NOT NULL, kind VARCHAR, id VARCHAR, tool VARCHAR, n BIGINT, rank INTEGER
);
CREATE TABLE base.failure_trend (
    bucket TIMESTAMP NOT NULL, category VARCHAR, tool VARCHAR, agent VARCHAR, severity VARCHAR, n BIGINT
);
CREATE TABLE base.insights (
    insight_id UUID NOT NULL, created_at TIMESTAMP NOT NULL, window_start TIMESTAMP, window_end TIMESTAMP,
    closed_at TIMESTAMP, kind VARCHAR, category VARCHAR, tool VARCHAR, agent VARCHAR, severity VARCHAR, n BIGINT,
    baseline DOUBLE, message VARCHAR
);
CREATE TABLE base.unguarded (
    tool VARCHAR, native_id VARCHAR, path VARCHAR, cwd VARCHAR, started_at TIMESTAMP, ended_at TIMESTAMP,
    found_at TIMESTAMP
);
CREATE TABLE base.migrations (name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL);
CREATE TABLE base.state (generation BIGINT NOT NULL, first_bucket BIGINT NOT NULL, root VARCHAR NOT NULL);
CREATE TABLE base.generations (generation BIGINT NOT NULL, first_bucket BIGINT NOT NULL, boot VARCHAR, superseded DOUBLE);

COMMENT ON TABLE base.sessions IS 'One row for each session of a wrapped AI CLI';
COMMENT ON COLUMN base.sessions.session_id IS 'UUIDv7: sorts by time';
COMMENT ON COLUMN base.sessions.day IS 'UTC date of started_at, on every table of a session: use it to narrow a query';
COMMENT ON COLUMN base.sessions.started_at IS 'when the CLI was started';
COMMENT ON COLUMN base.sessions.ended_at IS 'when it ended; NULL when nobody saw it end';
COMMENT ON COLUMN base.sessions.duration_ms IS 'from start to end, in milliseconds';
COMMENT ON COLUMN base.sessions.tool IS 'the wrapped CLI: claude, codex, ...';
COMMENT ON COLUMN base.sessions.tool_version IS 'its version, where it says one';
COMMENT ON COLUMN base.sessions.agent IS 'the role it ran in: security, reviewer, ...; NULL without one';
COMMENT ON COLUMN base.sessions.model IS 'the first model that answered, by the CLI''s own name for it';
COMMENT ON COLUMN base.sessions.mode IS 'standard or strict';
COMMENT ON COLUMN base.sessions.decision IS 'approved, blocked, aborted or unjudged';
COMMENT ON COLUMN base.sessions.outcome IS 'completed, failed, api-error, limit, interrupted, crashed or chat-only';
COMMENT ON COLUMN base.sessions.exit_code IS 'the CLI''s own exit status, also where the shim exited with 77; NULL when a signal ended it';
COMMENT ON COLUMN base.sessions.signal IS 'number of the signal that ended it';
COMMENT ON COLUMN base.sessions.success IS 'outcome is completed and exit_code is 0';
COMMENT ON COLUMN base.sessions.interactive IS 'stdout was a terminal and it was no one-shot call';
COMMENT ON COLUMN base.sessions.bypassed IS 'run with GUARDRAIL_BYPASS=1: nothing was looked at';
COMMENT ON COLUMN base.sessions.prompt IS 'the first prompt, redacted';
COMMENT ON COLUMN base.sessions.argv IS 'what the user typed after the CLI''s name, redacted';
COMMENT ON COLUMN base.sessions.cwd IS 'working directory';
COMMENT ON COLUMN base.sessions.repo IS 'root of the git repository it ran in; NULL outside one';
COMMENT ON COLUMN base.sessions.branch IS 'the branch checked out at the start';
COMMENT ON COLUMN base.sessions.head_before IS 'the commit checked out at the start; NULL in a repository without one';
COMMENT ON COLUMN base.sessions.head_after IS 'the commit checked out at the end; NULL outside a repository';
COMMENT ON COLUMN base.sessions.user_name IS 'whose account it ran as';
COMMENT ON COLUMN base.sessions.host IS 'name of the machine';
COMMENT ON COLUMN base.sessions.proxy_version IS 'version of guardrail-proxy that recorded it';
COMMENT ON COLUMN base.sessions.parent_id IS 'the session it was started from';
COMMENT ON COLUMN base.sessions.native_id IS 'the CLI''s own id of the session';
COMMENT ON COLUMN base.sessions.external_id IS 'the id an API caller gave';
COMMENT ON COLUMN base.sessions.origin IS 'shim, api or import';
COMMENT ON COLUMN base.sessions.evidence IS 'the best source there was: native, structured, hooks, screen or none';
COMMENT ON COLUMN base.sessions.coverage IS 'what was looked at, by which source';
COMMENT ON COLUMN base.sessions.output_bytes IS 'size of the stored, redacted recording';
COMMENT ON COLUMN base.sessions.output_sha256 IS 'SHA-256 of the stored, redacted recording';
COMMENT ON COLUMN base.sessions.output_ref IS 'the recording, below the guardrail home: asciicast, gzip';
COMMENT ON COLUMN base.sessions.output_head IS 'its first 2 KB of text';
COMMENT ON COLUMN base.sessions.tokens_in IS 'tokens read by the model, where the CLI counts them';
COMMENT ON COLUMN base.sessions.tokens_out IS 'tokens written by the model, where the CLI counts them';
COMMENT ON COLUMN base.sessions.cost_usd IS 'what it cost in US dollars, where the CLI says it';
COMMENT ON COLUMN base.sessions.n_violations IS 'rows in violations';
COMMENT ON COLUMN base.sessions.n_failures IS 'rows in failures, observed ones included';
COMMENT ON COLUMN base.sessions.n_critical IS 'violations and failures of severity critical';
COMMENT ON COLUMN base.sessions.context_docs IS 'ids of the guardrail documents that the model was given';
COMMENT ON COLUMN base.sessions.extra IS 'why it was not approved, and other facts without a column';

COMMENT ON TABLE base.stages IS 'How long each stage took in each session';
COMMENT ON COLUMN base.stages.session_id IS 'the session it belongs to: sessions.session_id';
COMMENT ON COLUMN base.stages.day IS 'UTC date of the session''s start: use it to narrow a query';
COMMENT ON COLUMN base.stages.ord IS 'place in the order of stages, from 0';
COMMENT ON COLUMN base.stages.stage IS 'parse, validate, detect, ...';
COMMENT ON COLUMN base.stages.started_at IS 'when the stage began';
COMMENT ON COLUMN base.stages.duration_ms IS 'how long it took, in milliseconds';
COMMENT ON COLUMN base.stages.ok IS 'false when it failed';
COMMENT ON COLUMN base.stages.error IS 'why it failed';

COMMENT ON TABLE base.violations IS 'What the rules found in a session';
COMMENT ON COLUMN base.violations.session_id IS 'the session it belongs to: sessions.session_id';
COMMENT ON COLUMN base.violations.day IS 'UTC date of the session''s start: use it to narrow a query';
COMMENT ON COLUMN base.violations.ts IS 'when the event happened that it was found in';
COMMENT ON COLUMN base.violations.tool IS 'the wrapped CLI, as in sessions';
COMMENT ON COLUMN base.violations.agent IS 'the role, as in sessions';
COMMENT ON COLUMN base.violations.rule_id IS 'path id of the rule: secrets/aws-access-key';
COMMENT ON COLUMN base.violations.doc IS 'the guardrail document that the rule belongs to; NULL for a built-in one';
COMMENT ON COLUMN base.violations.category IS 'the folder of the rule: secrets, commands, code, guard';
COMMENT ON COLUMN base.violations.severity IS 'info, low, medium, high or critical';
COMMENT ON COLUMN base.violations.message IS 'one sentence for people; never quotes a secret';
COMMENT ON COLUMN base.violations.snippet IS 'the text that matched, redacted, at most 200 characters';
COMMENT ON COLUMN base.violations.line IS 'line in the event''s text, from 1';
COMMENT ON COLUMN base.violations.confidence IS 'from 0 to 1';
COMMENT ON COLUMN base.violations.context IS 'executed, proposed, written, printed or quoted';
COMMENT ON COLUMN base.violations.in_test IS 'found in a test file';
COMMENT ON COLUMN base.violations.denied IS 'the call it was found in never ran';
COMMENT ON COLUMN base.violations.fingerprint IS 'the same finding has the same one in every session';
COMMENT ON COLUMN base.violations.event_seq IS 'the event it was found in: events.seq';
COMMENT ON COLUMN base.violations.fix IS 'what to do instead';

COMMENT ON TABLE base.failures IS 'What the AI did wrong in a session';
COMMENT ON COLUMN base.failures.session_id IS 'the session it belongs to: sessions.session_id';
COMMENT ON COLUMN base.failures.day IS 'UTC date of the session''s start: use it to narrow a query';
COMMENT ON COLUMN base.failures.ts IS 'when the event happened that it was found in';
COMMENT ON COLUMN base.failures.tool IS 'the wrapped CLI, as in sessions';
COMMENT ON COLUMN base.failures.agent IS 'the role, as in sessions';
COMMENT ON COLUMN base.failures.failure_mode IS 'path id of the failure mode: honesty/false-success-claim';
COMMENT ON COLUMN base.failures.category IS 'the folder of the failure mode: honesty, completeness, progress, ...';
COMMENT ON COLUMN base.failures.severity IS 'info, low, medium, high or critical';
COMMENT ON COLUMN base.failures.status IS 'counted, or observe: recorded but not held against the session';
COMMENT ON COLUMN base.failures.message IS 'one sentence for people; never quotes a secret';
COMMENT ON COLUMN base.failures.evidence IS 'the text it rests on, redacted, at most 200 characters';
COMMENT ON COLUMN base.failures.line IS 'line in the event''s text, from 1';
COMMENT ON COLUMN base.failures.confidence IS 'from 0 to 1';
COMMENT ON COLUMN base.failures.fingerprint IS 'the same finding has the same one in every session';
COMMENT ON COLUMN base.failures.event_seq IS 'the event it was found in: events.seq';
COMMENT ON COLUMN base.failures.fix IS 'what to do instead';

COMMENT ON TABLE base.tool_calls IS 'What the AI asked its tools to do, commands and file writes included';
COMMENT ON COLUMN base.tool_calls.session_id IS 'the session it belongs to: sessions.session_id';
COMMENT ON COLUMN base.tool_calls.day IS 'UTC date of the session''s start: use it to narrow a query';
COMMENT ON COLUMN base.tool_calls.seq IS 'place in the session, from 0';
COMMENT ON COLUMN base.tool_calls.ts IS 'when it was asked for';
COMMENT ON COLUMN base.tool_calls.name IS 'the tool, by the CLI''s own name for it';
COMMENT ON COLUMN base.tool_calls.args IS 'its arguments, redacted; of a file write only path and size';
COMMENT ON COLUMN base.tool_calls.ok IS 'false where the call failed or was denied; NULL where nobody said';
COMMENT ON COLUMN base.tool_calls.duration_ms IS 'until its result, in milliseconds';
COMMENT ON COLUMN base.tool_calls.event_seq IS 'the event that tells of it: events.seq';

COMMENT ON TABLE base.code_blocks IS 'Fenced code in what the AI said';
COMMENT ON COLUMN base.code_blocks.session_id IS 'the session it belongs to: sessions.session_id';
COMMENT ON COLUMN base.code_blocks.day IS 'UTC date of the session''s start: use it to narrow a query';
COMMENT ON COLUMN base.code_blocks.seq IS 'place in the session, from 0';
COMMENT ON COLUMN base.code_blocks.language IS 'as the fence names it';
COMMENT ON COLUMN base.code_blocks.lines IS 'number of lines';
COMMENT ON COLUMN base.code_blocks.bytes IS 'size of the redacted text in UTF-8';
COMMENT ON COLUMN base.code_blocks.sha256 IS 'SHA-256 of the redacted text';
COMMENT ON COLUMN base.code_blocks.event_seq IS 'the event that holds its text: events.seq';

COMMENT ON TABLE base.commands IS 'Shell commands with their risk and exit code';
COMMENT ON COLUMN base.commands.session_id IS 'the session it belongs to: sessions.session_id';
COMMENT ON COLUMN base.commands.day IS 'UTC date of the session''s start: use it to narrow a query';
COMMENT ON COLUMN base.commands.seq IS 'place in the session, from 0';
COMMENT ON COLUMN base.commands.command IS 'the command line, redacted';
COMMENT ON COLUMN base.commands.risk IS 'the worst violation found in it: none, low, medium, high or critical';
COMMENT ON COLUMN base.commands.exit_code IS 'its exit status, where the CLI says it';
COMMENT ON COLUMN base.commands.cwd IS 'the session''s working directory';
COMMENT ON COLUMN base.commands.denied IS 'it never ran';
COMMENT ON COLUMN base.commands.event_seq IS 'the event that tells of it: events.seq';

COMMENT ON TABLE base.events IS 'The transcript of every session, in order';
COMMENT ON COLUMN base.events.session_id IS 'the session it belongs to: sessions.session_id';
COMMENT ON COLUMN base.events.day IS 'UTC date of the session''s start: use it to narrow a query';
COMMENT ON COLUMN base.events.seq IS 'place in the session, from 0; event_seq elsewhere points here';
COMMENT ON COLUMN base.events.ts IS 'when it happened, where the source says it';
COMMENT ON COLUMN base.events.kind IS 'prompt, message, command, tool call, tool result, file write, code block, claim, error or usage';
COMMENT ON COLUMN base.events.source IS 'where it was seen: native, structured, hooks or screen';
COMMENT ON COLUMN base.events.agent_path IS 'the sub-agent that did it; NULL for the main one';
COMMENT ON COLUMN base.events.text IS 'redacted, at most 64 KB';
COMMENT ON COLUMN base.events.ref IS 'path, or id of the call, that the event belongs to';

COMMENT ON TABLE base.file_changes IS 'What changed in the working tree between start and end';
COMMENT ON COLUMN base.file_changes.session_id IS 'the session it belongs to: sessions.session_id';
COMMENT ON COLUMN base.file_changes.day IS 'UTC date of the session''s start: use it to narrow a query';
COMMENT ON COLUMN base.file_changes.seq IS 'place in the list, from 0';
COMMENT ON COLUMN base.file_changes.path IS 'below the repository''s root';
COMMENT ON COLUMN base.file_changes.change IS 'added, modified or deleted';
COMMENT ON COLUMN base.file_changes.lines_added IS 'as git counts them against the last commit; NULL where it does not';
COMMENT ON COLUMN base.file_changes.lines_deleted IS 'as git counts them against the last commit; NULL where it does not';
COMMENT ON COLUMN base.file_changes.source IS 'git: left in the working tree; commit: between the commits of start and end';

COMMENT ON TABLE base.agent_activity IS 'Which agents and sub-agents were at work, and for how long';
COMMENT ON COLUMN base.agent_activity.session_id IS 'the session it belongs to: sessions.session_id';
COMMENT ON COLUMN base.agent_activity.day IS 'UTC date of the session''s start: use it to narrow a query';
COMMENT ON COLUMN base.agent_activity.ts IS 'when it began';
COMMENT ON COLUMN base.agent_activity.agent IS 'the role, or the sub-agent''s path';
COMMENT ON COLUMN base.agent_activity.action IS 'session or sub-agent';
COMMENT ON COLUMN base.agent_activity.duration_ms IS 'from its first event to its last, in milliseconds';
COMMENT ON COLUMN base.agent_activity.agent_metadata IS 'decision and outcome of a session, number of events of a sub-agent';

COMMENT ON TABLE base.metrics IS 'Sums of each minute, by tool and agent';
COMMENT ON COLUMN base.metrics.bucket IS 'the minute''s start';
COMMENT ON COLUMN base.metrics.tool IS 'the wrapped CLI, as in sessions';
COMMENT ON COLUMN base.metrics.agent IS 'the role, as in sessions; '''' without one';
COMMENT ON COLUMN base.metrics.sessions IS 'sessions that were started in it';
COMMENT ON COLUMN base.metrics.ok IS 'those with success';
COMMENT ON COLUMN base.metrics.blocked IS 'those with decision blocked';
COMMENT ON COLUMN base.metrics.duration_ms_sum IS 'their durations together, in milliseconds';
COMMENT ON COLUMN base.metrics.duration_ms_max IS 'the longest of them, in milliseconds';
COMMENT ON COLUMN base.metrics.violations IS 'their violations';
COMMENT ON COLUMN base.metrics.failures IS 'their failures';
COMMENT ON COLUMN base.metrics.critical IS 'their findings of severity critical';
COMMENT ON COLUMN base.metrics.tokens_in IS 'tokens read by their models';
COMMENT ON COLUMN base.metrics.tokens_out IS 'tokens written by their models';
COMMENT ON COLUMN base.metrics.cost_usd IS 'what they cost in US dollars, where known';

COMMENT ON TABLE base.metric_top IS 'The most frequent violations and failures of each bucket';
COMMENT ON COLUMN base.metric_top.bucket IS 'start of the time it counts';
COMMENT ON COLUMN base.metric_top.kind IS 'violation or failure';
COMMENT ON COLUMN base.metric_top.id IS 'rule_id or failure_mode';
COMMENT ON COLUMN base.metric_top.tool IS 'the wrapped CLI, as in sessions';
COMMENT ON COLUMN base.metric_top.n IS 'how often it was found';
COMMENT ON COLUMN base.metric_top.rank IS '1 for the most frequent';

COMMENT ON TABLE base.failure_trend IS 'Failures of each hour, by category, tool and agent';
COMMENT ON COLUMN base.failure_trend.bucket IS 'the hour''s start';
COMMENT ON COLUMN base.failure_trend.category IS 'the folder of the failure mode';
COMMENT ON COLUMN base.failure_trend.tool IS 'the wrapped CLI, as in sessions';
COMMENT ON COLUMN base.failure_trend.agent IS 'the role, as in sessions';
COMMENT ON COLUMN base.failure_trend.severity IS 'info, low, medium, high or critical';
COMMENT ON COLUMN base.failure_trend.n IS 'how many';

COMMENT ON TABLE base.insights IS 'What the analysis worker noticed';
COMMENT ON COLUMN base.insights.insight_id IS 'its own id';
COMMENT ON COLUMN base.insights.created_at IS 'when it was noticed';
COMMENT ON COLUMN base.insights.window_start IS 'start of the time it speaks of';
COMMENT ON COLUMN base.insights.window_end IS 'end of the time it speaks of';
COMMENT ON COLUMN base.insights.closed_at IS 'when it was over; NULL while it lasts';
COMMENT ON COLUMN base.insights.kind IS 'what sort of thing was noticed: a spike, a trend, ...';
COMMENT ON COLUMN base.insights.category IS 'the category of failures it speaks of; NULL for all';
COMMENT ON COLUMN base.insights.tool IS 'the wrapped CLI it speaks of; NULL for all';
COMMENT ON COLUMN base.insights.agent IS 'the role it speaks of; NULL for all';
COMMENT ON COLUMN base.insights.severity IS 'info, low, medium, high or critical';
COMMENT ON COLUMN base.insights.n IS 'how many there were in the window';
COMMENT ON COLUMN base.insights.baseline IS 'how many were to be expected';
COMMENT ON COLUMN base.insights.message IS 'one sentence for people';

COMMENT ON TABLE base.unguarded IS 'Transcripts that AI CLIs wrote and no session of ours explains';
COMMENT ON COLUMN base.unguarded.tool IS 'the CLI that wrote it';
COMMENT ON COLUMN base.unguarded.native_id IS 'the CLI''s own id of the session';
COMMENT ON COLUMN base.unguarded.path IS 'the transcript';
COMMENT ON COLUMN base.unguarded.cwd IS 'the working directory it names';
COMMENT ON COLUMN base.unguarded.started_at IS 'its first event';
COMMENT ON COLUMN base.unguarded.ended_at IS 'its last event';
COMMENT ON COLUMN base.unguarded.found_at IS 'when it was found';

COMMENT ON TABLE base.migrations IS 'Changes of these tables that this file has seen';
COMMENT ON COLUMN base.migrations.name IS 'the migration''s file';
COMMENT ON COLUMN base.migrations.applied_at IS 'when';

COMMENT ON TABLE base.state IS 'Where the ingester stands: one row';
COMMENT ON COLUMN base.state.generation IS 'the generation last made';
COMMENT ON COLUMN base.state.first_bucket IS 'the spool is read from this bucket on';
COMMENT ON COLUMN base.state.root IS 'the guardrail home that the views read';

COMMENT ON TABLE base.generations IS 'Published copies that may still be read';
COMMENT ON COLUMN base.generations.generation IS 'its number';
COMMENT ON COLUMN base.generations.first_bucket IS 'it shows the spool from this bucket on';
COMMENT ON COLUMN base.generations.boot IS 'the boot of the machine that superseded counts from';
COMMENT ON COLUMN base.generations.superseded IS 'when another took its place, in seconds of the monotonic clock; NULL while it is current';
