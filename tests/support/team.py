"""A folder that fleets push to, as those see it who read it: by its manifests, or every file that there is."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from guardrail_proxy.home import Home
from guardrail_proxy.store.fleet.engine import fleet_files
from guardrail_proxy.store.fleet.target import open_target


def rows(target: Path | str, query: str) -> list[tuple[object, ...]]:
    """What a reader of the manifests gets."""
    with duckdb.connect() as con:
        for table, files in fleet_files(open_target(str(target), Home(Path("/nowhere")))).items():
            links = [read_from(Path(name)) for name in files]
            con.execute(f"CREATE VIEW {table} AS FROM read_parquet({links!r}, union_by_name = true)")
        return con.execute(query).fetchall()


def read_from(path: Path) -> str:
    """A name for the file that is no pattern."""
    link = Path(os.environ["HOME"]) / f"{abs(hash(str(path)))}.parquet"
    if not link.is_symlink():
        link.symlink_to(path)
    return str(link)


def ids_in(target: Path) -> list[object]:
    return [name for (name,) in rows(target, "SELECT session_id FROM sessions ORDER BY session_id")]


def ids_in_folders(target: Path) -> list[object]:
    """What a reader gets who takes every file that there is."""
    found = [read_from(path) for path in sorted((target / "sessions").rglob("[!.]*.parquet"))]
    with duckdb.connect() as con:
        return [
            name for (name,) in con.execute(f"SELECT session_id FROM read_parquet({found!r}) ORDER BY 1").fetchall()
        ]


def state(target: Path) -> dict[str, tuple[int, int]]:
    files = (path for path in target.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in files}
