"""COLD. Merges what many machines pushed of a day: one file a table instead of one a machine."""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from guardrail_proxy.errors import GuardrailError
from guardrail_proxy.escape import one_line
from guardrail_proxy.store.export import Said
from guardrail_proxy.store.fleet.manifest import (
    MERGED,
    VERSION,
    Day,
    Merged,
    Part,
    file_path,
    manifest_path,
    read_day,
    read_manifest,
    write_manifest,
)
from guardrail_proxy.store.fleet.target import Target, TargetError
from guardrail_proxy.store.query import CONFIG
from guardrail_proxy.store.spooled import glob_path, literal, literals

HOST = "host=_all"
"""The folder of merged files: no machine's name begins like this. The rows say which host they are of."""


def compact_days(target: Target, days: dict[str, list[str]], said: Said) -> Iterator[int]:
    """Merge these days' parts; how many there were of each. ``said`` is told of each. The target is locked."""
    for day, names in days.items():
        yield compact_day(target, read_day(target, day, names))
        said(1)


def compact_day(target: Target, day: Day) -> int:
    """Merge a day's parts; return how many there were, 0 when there was nothing to merge.

    The new files first, then the manifest that makes them count and the old ones not, then the old ones go: whoever
    reads what the manifests name sees each row once. What a killed run left is taken away.
    """
    _remove_left(target, day)
    if len(day.parts) < 2:
        return 0
    part = _merge(target, day)
    replaced = {*(day.merged.replaces if day.merged else ()), *(one.path for one in day.parts)}
    path = manifest_path(day.day, MERGED)
    if read_manifest(target, path, Merged) != day.merged:
        raise GuardrailError(f"another compaction of '{target.name}' is at work: run one at a time")
    merged = Merged(version=VERSION, day=day.day, parts=(part,), replaces=tuple(sorted(replaced)))
    write_manifest(target, path, merged)
    _remove_left(target, Day(day.day, day.pushed, merged))
    return len(day.parts)


def _merge(target: Target, day: Day) -> Part:
    """The new files; their name follows from what they hold, so that a run that was killed is taken up again."""
    names = "\0".join(sorted(part.path for part in day.parts))
    path = f"{HOST}/part-{hashlib.sha256(names.encode()).hexdigest()[:32]}.parquet"
    rows: dict[str, int] = {}
    for table in sorted(_tables(day.parts), key=lambda name: (name == "sessions", name)):
        parts = [part for part in day.parts if table in part.rows]
        with tempfile.TemporaryDirectory(prefix="guardrail-proxy-") as folder:
            new = Path(folder) / "merged"
            files = [target.local(file_path(table, day.day, part.path), Path(folder)) for part in parts]
            rows[table] = _write(files, new)
            expected = sum(part.rows[table] for part in parts)
            if rows[table] != expected:
                raise TargetError(f"'{table}' of {day.day} has {rows[table]} rows where the manifests say {expected}")
            target.put(file_path(table, day.day, path), new)
    return Part(path=path, rows=rows)


def _write(files: Sequence[Path], new: Path) -> int:
    inputs = literals([glob_path(path) for path in files])
    read = f"FROM read_parquet({inputs}, union_by_name = true, hive_partitioning = false)"
    with duckdb.connect(config={**CONFIG, "temp_directory": str(new.parent)}) as con:
        try:
            row = con.execute(
                f"COPY (SELECT * {read} ORDER BY session_id) TO {literal(str(new))} (FORMAT parquet, COMPRESSION zstd)"
            ).fetchone()
        except duckdb.Error as error:
            raise TargetError(f"cannot merge {len(files)} files: {one_line(str(error), 300)}") from error
    assert row is not None
    return int(row[0])


def _remove_left(target: Target, day: Day) -> None:
    """Files that were merged, and merged ones that never came to count."""
    merged = day.merged or Merged(version=VERSION, day=day.day)
    counting = {part.path for part in merged.parts}
    pushed = (part for one in day.pushed for part in one.parts)
    for table in sorted(_tables((*day.parts, *pushed))):
        before = f"{table}/day={day.day}/"
        for path in target.files(before.rstrip("/")):
            part = path.removeprefix(before)
            if part in merged.replaces or (part.startswith(f"{HOST}/") and part not in counting):
                target.remove(path)


def _tables(parts: Sequence[Part]) -> set[str]:
    return {table for part in parts for table in part.rows}
