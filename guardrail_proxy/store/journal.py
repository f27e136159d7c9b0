"""COLD. The log of what runs in the background: JSON objects, a line each, in ``logs/<name>.jsonl``."""

import os
from collections.abc import MutableMapping

import structlog

from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import make_private
from guardrail_proxy.redact import redact_json


def note(home: Home, event: str, **facts: str) -> None:
    """A warning of the ingester."""
    write(home, "ingest", "warning", event, **facts)


def write(home: Home, name: str, level: str, event: str, **facts: str) -> None:
    """Append one line; text is redacted, and JSON escapes whatever could forge another line."""
    make_private(home.logs)
    handle = os.open(home.logs / f"{name}.jsonl", os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with open(handle, "w", encoding="utf-8", errors="replace") as file:
        log = structlog.wrap_logger(
            structlog.WriteLogger(file),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                _without_secrets,
                structlog.processors.JSONRenderer(),
            ],
        )
        getattr(log, level)(event, **facts)


def _without_secrets(_: object, __: str, entry: MutableMapping[str, object]) -> MutableMapping[str, object]:
    safe = redact_json(dict(entry))
    assert isinstance(safe, dict)
    return safe
