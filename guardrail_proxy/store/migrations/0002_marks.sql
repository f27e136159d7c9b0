-- What people say of a session, and where the workers stand. They begin with everything that is stored.
CREATE TABLE base.marks (session_id UUID NOT NULL, pinned BOOLEAN, tags VARCHAR[]);
CREATE TABLE base.touched (worker VARCHAR NOT NULL, bucket TIMESTAMP NOT NULL);
INSERT INTO base.touched
SELECT DISTINCT 'metrics', date_trunc('minute', started_at)
FROM base.sessions;
INSERT INTO base.touched
SELECT DISTINCT 'analysis', date_trunc('hour', ts)
FROM base.failures
WHERE ts IS NOT NULL;
ALTER TABLE base.metrics ADD COLUMN timed BIGINT;
ALTER TABLE base.metrics ADD COLUMN completed BIGINT;
ALTER TABLE base.metrics ADD COLUMN failed BIGINT;
ALTER TABLE base.metrics ADD COLUMN api_error BIGINT;
ALTER TABLE base.metrics ADD COLUMN limited BIGINT;
ALTER TABLE base.metrics ADD COLUMN interrupted BIGINT;
ALTER TABLE base.metrics ADD COLUMN crashed BIGINT;
ALTER TABLE base.metrics ADD COLUMN chat_only BIGINT;
ALTER TABLE base.state ADD COLUMN removed BIGINT;
ALTER TABLE base.state ADD COLUMN announced TIMESTAMP;
UPDATE base.state SET removed = 0;

COMMENT ON TABLE base.marks IS 'What people say of a session: pinned ones are never swept away';
COMMENT ON COLUMN base.marks.session_id IS 'the session it belongs to: sessions.session_id';
COMMENT ON COLUMN base.marks.pinned IS 'kept whatever its age';
COMMENT ON COLUMN base.marks.tags IS 'words of your own';

COMMENT ON TABLE base.touched IS 'Times whose sums a worker has to make again, because sessions came or went';
COMMENT ON COLUMN base.touched.worker IS 'whose sums';
COMMENT ON COLUMN base.touched.bucket IS 'start of the minute, or of the hour';

COMMENT ON COLUMN base.metrics.timed IS 'sessions whose duration is known';
COMMENT ON COLUMN base.metrics.completed IS 'sessions with outcome completed';
COMMENT ON COLUMN base.metrics.failed IS 'sessions with outcome failed';
COMMENT ON COLUMN base.metrics.api_error IS 'sessions with outcome api-error';
COMMENT ON COLUMN base.metrics.limited IS 'sessions with outcome limit';
COMMENT ON COLUMN base.metrics.interrupted IS 'sessions with outcome interrupted';
COMMENT ON COLUMN base.metrics.crashed IS 'sessions with outcome crashed';
COMMENT ON COLUMN base.metrics.chat_only IS 'sessions with outcome chat-only';

COMMENT ON COLUMN base.state.removed IS 'sessions deleted since the file was last written anew';
COMMENT ON COLUMN base.state.announced IS 'sessions started before this were announced to be swept away next';
