"""WARM. Writes one session down: all of it or nothing, once, and never with a secret."""

import contextlib
import json
import uuid
from pathlib import Path

from guardrail_proxy.home import Home
from guardrail_proxy.log.clean import bounded, cleaned
from guardrail_proxy.log.record import record_of
from guardrail_proxy.log.recording import publish_recording
from guardrail_proxy.log.spool import find_record, put_record
from guardrail_proxy.redact import redact_json
from guardrail_proxy.session import Session


def log(home: Home, session: Session) -> Path:
    """Write the session's final record into the spool; return its path. A session that is there already stays as it is.

    Raises OSError when the disk refuses (nothing is half written), ValueError when the session's id is no UUID.
    """
    session_id = str(uuid.UUID(session.capture.session_id))
    known = find_record(home.spool, session_id)
    if known is not None:
        return known
    record = record_of(session)
    record.update(publish_recording(home, session_id, str(record["day"]), session.capture.recording))
    safe = bounded(redact_json(cleaned(record)))
    path = put_record(home.spool, session_id, json.dumps(safe, separators=(",", ":"), allow_nan=False).encode())
    if session.capture.recording is not None:
        with contextlib.suppress(OSError):
            session.capture.recording.unlink()
    return path
