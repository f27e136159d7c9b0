"""COLD. What counts in a fleet's folder: a manifest for each day of each machine, and one for each merged day.

``_manifest/day=D/<source>.json`` is one machine's, ``_manifest/day=D/_all.json`` the merged day's: parts that it
replaces are not there any more. One file, written in one step, so a reader sees each row once.
"""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from guardrail_proxy.store.fleet.target import Target, TargetError

VERSION = 1
"""Of the layout and the manifests: a column that goes or changes makes it one more, one that is added does not."""
FOLDER = "_manifest"
MERGED = "_all"
M = TypeVar("M", bound="Manifest")
PartPath = Annotated[str, StringConstraints(pattern=r"^host=[\w.-]{1,100}/part-[0-9a-f-]{1,100}\.parquet$")]
"""A file that others name is removed one day: nothing but our own kind of name."""
TableName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,60}$")]


class Part(BaseModel):
    """One file of each table, at ``<table>/day=D/<path>``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: PartPath
    rows: dict[TableName, int]
    sessions: tuple[str, ...] = ()
    """Ids; not said of a merged part."""


class Manifest(BaseModel):
    """The parts of a day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    day: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\d$")]
    parts: tuple[Part, ...] = ()


class Pushed(Manifest):
    """What one machine pushed of a day, also when it was merged since."""

    source: str
    host: str

    @property
    def sessions(self) -> set[str]:
        """Ids of all sessions."""
        return {name for part in self.parts for name in part.sessions}


class Merged(Manifest):
    """What became of a day's parts."""

    replaces: tuple[PartPath, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """All that is said of a day."""

    day: str
    pushed: tuple[Pushed, ...]
    merged: Merged | None

    @property
    def parts(self) -> tuple[Part, ...]:
        """Those that count."""
        merged = self.merged.parts if self.merged else ()
        replaced = set(self.merged.replaces) if self.merged else set()
        return (*merged, *(part for one in self.pushed for part in one.parts if part.path not in replaced))


def file_path(table: str, day: str, part: str) -> str:
    """Where a part of a table is, below the target."""
    return f"{table}/day={day}/{part}"


def manifest_path(day: str, name: str) -> str:
    """Where a manifest is: of a source, or of the merged day."""
    return f"{FOLDER}/day={day}/{name}.json"


def read_manifest(target: Target, path: str, kind: type[M]) -> M | None:
    """The manifest; None where there is none. TargetError for another version's, or for what is none."""
    data = target.read(path)
    if data is None:
        return None
    try:
        raw = json.loads(data)
        if isinstance(raw, dict) and isinstance(raw.get("version"), int) and raw["version"] > VERSION:
            raise TargetError(f"'{path}' in '{target.name}' is of a newer guardrail-proxy: upgrade this one")
        manifest = kind.model_validate(raw)
    except (ValidationError, ValueError) as error:
        raise TargetError(f"'{path}' in '{target.name}' is no manifest of ours") from error
    if not path.startswith(f"{FOLDER}/day={manifest.day}/"):
        raise TargetError(f"'{path}' in '{target.name}' speaks of another day, {manifest.day}")
    return manifest


def write_manifest(target: Target, path: str, manifest: Manifest) -> None:
    """Make it count."""
    with tempfile.TemporaryDirectory(prefix="guardrail-proxy-") as folder:
        source = Path(folder) / "manifest"
        source.write_text(manifest.model_dump_json(indent=1) + "\n", "utf-8")
        target.put(path, source)


def day_names(target: Target) -> dict[str, list[str]]:
    """Day -> the names of its manifests, oldest day first."""
    names: dict[str, list[str]] = {}
    for path in target.files(FOLDER):
        _, folder, name = [*path.split("/"), "", ""][:3]
        if name.endswith(".json") and not name.startswith("."):
            names.setdefault(folder.removeprefix("day="), []).append(name.removesuffix(".json"))
    return dict(sorted(names.items()))


def read_days(target: Target) -> Iterator[Day]:
    """Every day, oldest first."""
    return (read_day(target, day, found) for day, found in day_names(target).items())


def read_day(target: Target, day: str, names: list[str]) -> Day:
    """One day, from the manifests of these names."""
    sources = (read_manifest(target, manifest_path(day, name), Pushed) for name in sorted(names) if name != MERGED)
    merged = read_manifest(target, manifest_path(day, MERGED), Merged)
    return Day(day, tuple(one for one in sources if one), merged)
