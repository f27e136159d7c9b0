"""WARM. ``recording.cast.gz``: the redacted output as asciicast v2, compressed as it comes.

Source: https://docs.asciinema.org/manual/asciicast/v2/
"""

import json
import os
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress

from guardrail_proxy.sidecar.stream import Piece, StreamRedactor

FLUSH_S = 1.0
"""A crash of ours loses at most this much of what may be written."""
READ_BYTES = 1 << 16


class Recording:
    """Appends to the recording; a full disk is ``trouble``, never raised, and ends the recording."""

    def __init__(self, path: str, size: tuple[int, int], term: str) -> None:
        self.path, self.trouble = path, ""
        self.stream = StreamRedactor()
        self._zip = zlib.compressobj(1, zlib.DEFLATED, 31)
        self._flushed, self._is_dirty = 0.0, False
        earlier, new = os.path.exists(path), path + ".new"
        self._fd = os.open(new if earlier else path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        if earlier:  # another sidecar died: what it left ends anywhere, so it is written again as one whole stream
            for data in whole_lines(path):
                self._write(self._zip.compress(data))
            os.rename(new, path)
        else:
            self._put(_header(size, term))

    def output(self, at: float, data: bytes) -> None:
        """Record what the CLI wrote."""
        self._keep(self.stream.feed(at, data))

    def resized(self, at: float, size: str) -> None:
        """The window changed."""
        self._keep(self.stream.resized(at, size))

    def flush_in(self) -> float | None:
        """Seconds until a flush is due; None when nothing waits for one."""
        return max(0.0, self._flushed + FLUSH_S - time.monotonic()) if self._is_dirty else None

    def flush(self) -> None:
        """What was kept so far can be read back now, if a flush is due."""
        if self._is_dirty and self.flush_in() == 0.0:
            self._write(self._zip.flush(zlib.Z_SYNC_FLUSH))
            self._flushed, self._is_dirty = time.monotonic(), False

    def close(self) -> None:
        """Write what waited and end the file."""
        self._keep(self.stream.rest())
        self._write(self._zip.flush())
        try:
            os.fsync(self._fd)
        except OSError as error:
            self._fail(error)
        os.close(self._fd)

    def _keep(self, pieces: Iterable[Piece]) -> None:
        for piece in pieces:
            self._put([round(piece.at, 6), "r" if piece.is_size else "o", piece.text])
        self.flush()

    def _put(self, value: object) -> None:
        self._is_dirty = True
        self._write(self._zip.compress(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"))

    def _write(self, data: bytes) -> None:
        try:
            while data and not self.trouble:
                data = data[os.write(self._fd, data) :]
        except OSError as error:
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        self.trouble = self.trouble or f"the recording ends early: {error.strerror}"
        self._is_dirty = False


def _header(size: tuple[int, int], term: str) -> dict[str, object]:
    now = int(time.time())
    return {"version": 2, "width": size[0], "height": size[1], "timestamp": now, "env": {"TERM": term}}


def whole_lines(path: str) -> Iterator[bytes]:
    """The lines of a recording that may end anywhere, as far as they can be read."""
    rest, unzip = b"", zlib.decompressobj(31)
    with open(path, "rb") as file, suppress(zlib.error):
        while packed := file.read(READ_BYTES):
            lines, end, rest = (rest + unzip.decompress(packed)).rpartition(b"\n")
            yield lines + end
