"""COLD. Sessions as files for other programs and people: Parquet, JSON lines, Markdown, asciicasts."""

import gzip
import json
import shutil
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from guardrail_proxy.errors import ConfigError, GuardrailError
from guardrail_proxy.home import Home
from guardrail_proxy.store.as_markdown import as_markdown
from guardrail_proxy.store.filters import where
from guardrail_proxy.store.lookup import find_session, recording_of
from guardrail_proxy.store.new_file import new_file
from guardrail_proxy.store.query import ask, ask_into_parquet
from guardrail_proxy.store.whole import json_records, whole_sessions

Said = Callable[[int], object]
"""Is told how many more sessions are done."""


def chosen_ids(home: Home, session: str | None, since: str | None, *, everything: bool) -> list[str]:
    """Ids of one session, of those since a time, or of all, oldest first. ConfigError for more than one choice."""
    if (session is not None) + (since is not None) + everything > 1:
        raise ConfigError("choose one: a session, --since or --all")
    if since is None and not everything:
        return [str(find_session(home, session or "last")["session_id"])]
    clause, parameters = where({}, since)
    query = f"SELECT session_id FROM sessions {clause} ORDER BY started_at, session_id"  # noqa: S608 # our own conditions
    return [str(name) for (name,) in ask(home, query, parameters).rows]


def export_parquet(home: Home, ids: Sequence[str], target: Path, said: Said) -> None:
    """One file, a row a session, its events and findings as lists."""
    with new_file(target) as temporary:
        ask_into_parquet(home, whole_sessions(home), temporary, [list(ids)], ())
    said(len(ids))


def export_jsonl(home: Home, ids: Sequence[str], target: Path, said: Said) -> None:
    """One file, a record a line."""
    _write(target, json_records(home, ids), said, lambda record: record + "\n")


def export_markdown(home: Home, ids: Sequence[str], target: Path, said: Said) -> None:
    """One file, a chapter a session; nothing in it acts on whoever reads it."""
    _write(target, json_records(home, ids), said, lambda record: as_markdown(json.loads(record)))


def export_asciicast(home: Home, ids: Sequence[str], target: Path, said: Said) -> None:
    """The recording of one session as a file, of several as a folder of files. GuardrailError when there is none."""
    refs = "SELECT session_id, output_ref FROM sessions WHERE session_id IN (SELECT CAST(unnest(?) AS UUID))"
    rows = ask(home, refs, [list(ids)]).rows
    found = {str(name): path for name, ref in rows if (path := recording_of(home, ref))}
    if not found:
        raise GuardrailError("none of these sessions has a recording")
    if len(ids) == 1:
        _unpack(next(iter(found.values())), target)
    else:
        _folder(target)
        for name, recording in found.items():
            _unpack(recording, target / f"{name}.cast")
            said(1)


FORMATS = {
    "parquet": export_parquet,
    "jsonl": export_jsonl,
    "asciicast": export_asciicast,
    "markdown": export_markdown,
}


def _write(target: Path, batches: Iterator[list[str]], said: Said, text_of: Callable[[str], str]) -> None:
    with new_file(target) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        for batch in batches:
            file.writelines(map(text_of, batch))
            said(len(batch))


def _folder(target: Path) -> None:
    try:
        target.mkdir(mode=0o700)
    except OSError as error:
        raise ConfigError(f"cannot make the folder '{target}': {error.strerror}") from error


def _unpack(recording: Path, target: Path) -> None:
    try:
        with new_file(target) as temporary, gzip.open(recording, "rb") as source, temporary.open("wb") as out:
            shutil.copyfileobj(source, out)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise GuardrailError(f"the recording '{recording}' is damaged") from error
