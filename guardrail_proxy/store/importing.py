"""COLD. Sessions from an export, which anybody may have made: validated, redacted again, and never over one of ours.

What says where something is on this machine does not come in: no recording, and not the CLI's own session id, which
would explain away a transcript in ``unguarded``.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from guardrail_proxy.home import Home
from guardrail_proxy.log.clean import bounded, cleaned
from guardrail_proxy.log.spool import find_record, put_record
from guardrail_proxy.redact import redact_json
from guardrail_proxy.store.export import Said
from guardrail_proxy.store.foreign import foreign_records
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.record import Record, RecordError, Rows, parse_record

BATCH = 500
NOT_OURS = ("native_id", "output_ref", "output_bytes", "output_sha256")
KNOWN = "SELECT session_id FROM sessions WHERE session_id IN (SELECT CAST(unnest(CAST(? AS VARCHAR[])) AS UUID))"


@dataclass(slots=True)
class Imported:
    """What became of a file's records."""

    new: int = 0
    known: int = 0
    bad: int = 0
    first_bad: str = ""


def import_sessions(home: Home, path: Path, said: Said) -> Imported:
    """Put the file's records into the spool and load them. A record whose id is there already is left out.

    ``said`` is told how many more characters were read.
    ForeignError when the file cannot be read or a bound is met: what came before stays.
    """
    done = Imported()
    batch: list[Record] = []
    try:
        for record in _records(path, done, said):
            batch.append(record)
            if len(batch) == BATCH:
                full, batch = batch, []
                _take(home, full, done)
    finally:
        _take(home, batch, done)
    return done


def _records(path: Path, done: Imported, said: Said) -> Iterator[Record]:
    for number, text in enumerate(foreign_records(path), 1):
        said(len(text))
        try:
            record = parse_record(text, f"record {number}")
            utc_text(record.started_at)
            utc_text(record.ended_at or record.started_at)
        except RecordError as error:
            done.bad += 1
            done.first_bad = done.first_bad or str(error)
        else:
            yield record


def _take(home: Home, records: Sequence[Record], done: Imported) -> None:
    if not records:
        return
    known = {str(name) for (name,) in ask(home, KNOWN, [[str(record.session_id) for record in records]]).rows}
    for record in records:
        name = str(record.session_id)
        if name in known or (home.sessions / name).exists() or find_record(home.spool, name):
            done.known += 1
            continue
        put_record(home.spool, name, json.dumps(ours(record), separators=(",", ":"), allow_nan=False).encode())
        done.new += 1
    ingest(home, wait=True)


def ours(record: Record) -> object:
    """The record as we would have written it, with what was counted counted again."""
    violations, failures = record.violations, record.failures
    values = {name: value for name, value in record.model_dump(mode="json").items() if name in Record.model_fields}
    started = utc_text(record.started_at)
    return bounded(
        redact_json(
            cleaned(
                {
                    **values,
                    **dict.fromkeys(NOT_OURS),
                    "started_at": started,
                    "ended_at": utc_text(record.ended_at) if record.ended_at else None,
                    "day": started[:10],
                    "origin": "import",
                    "success": record.outcome == "completed" and record.exit_code == 0,
                    "n_violations": len(violations),
                    "n_failures": len(failures),
                    "n_critical": _critical(violations) + _critical(failures),
                }
            )
        )
    )


def utc_text(text: str) -> str:
    """The store's way to write a time. RecordError for what is none."""
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError) as error:
        raise RecordError(f"'{text[:40]}' is no time") from error
    return moment.isoformat(" ", "microseconds")[:26]


def _critical(rows: Rows) -> int:
    return sum(row.get("severity") == "critical" for row in rows)
