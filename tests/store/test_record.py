"""A record read back."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from guardrail_proxy.home import Home
from guardrail_proxy.store.ingest import ingest
from guardrail_proxy.store.query import ask
from guardrail_proxy.store.record import Record, RecordError, read_record
from guardrail_proxy.store.spooled import CHILD_TABLES

LogOne = Callable[..., str]


def record_file(home: Home) -> Path:
    return next(home.spool.glob("*/*.json"))


def test_what_log_writes_is_a_record(home: Home, log_one: LogOne) -> None:
    one = log_one(failures=2)
    record = read_record(record_file(home))
    assert (str(record.session_id), record.n_failures, len(record.failures), record.drift) == (one, 2, 2, ())


def test_the_model_has_the_columns_of_the_table_and_a_list_for_each_child(home: Home) -> None:
    ingest(home)
    columns = {str(name) for name, *_ in ask(home, "DESCRIBE sessions").rows}
    assert set(Record.model_fields) == columns | set(CHILD_TABLES)


def test_every_key_that_log_writes_is_a_column(home: Home, log_one: LogOne) -> None:
    log_one(failures=1)
    record = json.loads(record_file(home).read_text())
    unknown = {
        f"{table}.{key}"
        for table in CHILD_TABLES
        for row in record[table]
        for key in set(row) - {str(name) for name, *_ in ask(home, f"DESCRIBE {table}").rows}
    }
    assert unknown == set()


def test_a_key_of_a_newer_version_is_drift_and_one_of_our_own_an_error(home: Home, log_one: LogOne) -> None:
    log_one()
    path = record_file(home)
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "proxy_version": "99.0", "mood": "good"}))
    assert read_record(path).drift == ("mood",)
    path.write_text(json.dumps({**record, "mood": "good"}))
    with pytest.raises(RecordError, match="unknown keys: mood"):
        read_record(path)


def test_a_file_that_is_no_record_is_an_error_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("{")
    with pytest.raises(RecordError) as error:
        read_record(path)
    assert "\n" not in str(error.value)
