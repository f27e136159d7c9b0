"""WARM. ``hooks.jsonl``: every hook call with its decision, redacted, one JSON object a line."""

import json
import os
from pathlib import Path

from guardrail_proxy.redact import redact_json
from guardrail_proxy.sidecar.gate import Answer

KEPT_WHEN_EXCLUDED = ("hook_event_name", "transcript_path", "session_id", "tool_name")


def append(path: Path, answer: Answer, at: float, *, is_excluded: bool) -> None:
    """Append one call; for an excluded folder only its skeleton."""
    payload = answer.payload or {}
    if is_excluded:
        payload = {name: payload[name] for name in KEPT_WHEN_EXCLUDED if name in payload}
    record = {
        "at": at,
        "event": answer.event,
        "payload": payload,
        "decision": answer.decision,
        "rules": answer.rules,
        "reason": answer.reason,
    }
    line = json.dumps(redact_json(record), ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        while line:
            line = line[os.write(fd, line) :]
    finally:
        os.close(fd)
