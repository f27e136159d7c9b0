r"""WARM. Publishes a session's recording: from the session's folder to ``outputs/<day>/<id>.cast.gz``.

The recorder may have been killed in the middle of a gzip stream. What can be read of it is kept, as a whole stream.
"""

import gzip
import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from guardrail_proxy.durable import sync_file, sync_folder, write_durably
from guardrail_proxy.home import Home
from guardrail_proxy.log.spool import make_private
from guardrail_proxy.parse.screen import plain

HEAD_CHARACTERS = 2048
GZIP_MAGIC = b"\x1f\x8b\x08"
CHUNK = 256


def publish_recording(home: Home, session_id: str, day: str, recording: Path | None) -> dict[str, object]:
    """Link the recording below ``outputs/``; return the output columns of the record, empty when there is none."""
    target = home.outputs / day / f"{session_id}.cast.gz"
    if recording is not None and recording.exists():
        make_private(target.parent)
        _place(recording, target)
    if not target.exists():
        return {}
    data = target.read_bytes()
    return {
        "output_ref": target.relative_to(home.root).as_posix(),
        "output_bytes": len(data),
        "output_sha256": hashlib.sha256(data).hexdigest(),
        "output_head": head_of(target),
    }


def head_of(recording: Path) -> str:
    """The first 2 KB of what was shown, without control sequences."""
    shown, length = [], 0
    with (
        suppress(OSError, EOFError, zlib.error),
        gzip.open(recording, "rt", encoding="utf-8", errors="replace") as lines,
    ):
        for text in _outputs(lines):
            shown.append(text)
            length += len(text)
            if length > HEAD_CHARACTERS * 8:
                break
    return plain("".join(shown))[:HEAD_CHARACTERS]


def _outputs(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        with suppress(ValueError):
            match json.loads(line):
                case [_, "o", str(text)]:
                    yield text


def _place(recording: Path, target: Path) -> None:
    """Under its name at once, the original still there: the record that names it is not written yet."""
    temporary = target.with_suffix(f".{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    data = recording.read_bytes()
    try:
        if is_whole(data):
            _share(recording, temporary, data)
        else:
            write_durably(temporary, gzip.compress(salvaged(data), 1, mtime=0))
        os.rename(temporary, target)
        sync_folder(target.parent)
        sync_folder(target.parent.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _share(recording: Path, name: Path, data: bytes) -> None:
    """A second name for the same file: on a disk that is nearly full there may be no room for a copy."""
    try:
        os.link(recording, name)
    except OSError:  # a file system without links
        write_durably(name, data)
    else:
        os.chmod(name, 0o600)
        sync_file(name)  # a sidecar that was killed had not


def is_whole(data: bytes) -> bool:
    """Whether the gzip streams of a recording all end as they should."""
    while data:
        stream = zlib.decompressobj(31)
        try:
            stream.decompress(data)
        except zlib.error:
            return False
        if not stream.eof:
            return False
        data = stream.unused_data
    return True


def salvaged(data: bytes) -> bytes:
    """Every whole line that can be read of a chain of gzip streams of which some were cut off."""
    return b"".join(_readable(data))


def _readable(data: bytes) -> Iterator[bytes]:
    starts = [match.start() for match in re.finditer(re.escape(GZIP_MAGIC), data)]
    read_to = 0
    for start in starts:
        if start < read_to:
            continue
        text, read_to = _read_stream(data, start)
        lines, end, _ = text.rpartition(b"\n")
        yield lines + end


def _read_stream(data: bytes, start: int) -> tuple[bytes, int]:
    """What one stream holds up to where it breaks, and where the next one may begin."""
    stream, parts, at = zlib.decompressobj(31), [], start
    while at < len(data) and not stream.eof:
        before = stream.copy()
        try:
            parts.append(stream.decompress(data[at : at + CHUNK]))
        except zlib.error:
            return b"".join([*parts, *_bytewise(before, data[at : at + CHUNK])]), start + len(GZIP_MAGIC)
        at += CHUNK
    return b"".join(parts), at - len(stream.unused_data)


def _bytewise(stream: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """What the stream still gives before the byte that breaks it."""
    with suppress(zlib.error):
        for at in range(len(data)):
            yield stream.decompress(data[at : at + 1])
