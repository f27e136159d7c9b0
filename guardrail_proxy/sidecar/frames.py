"""WARM. Frames from the relay, out of bytes in any chunks (docs/formats.md)."""

from collections.abc import Iterator

from guardrail_proxy.value import Value

HEAD_BYTES = 12
KINDS = b"mowgx"
MOST_BYTES = 8 << 20
"""The relay never sends a larger one; such a length is garbage."""


class Frame(Value):
    """One frame: kind, seconds since the session started, content."""

    __slots__ = ("at", "data", "kind")

    def __init__(self, kind: str, at: float, data: bytes) -> None:
        self.kind, self.at, self.data = kind, at, data


class FrameReader:
    """Collects bytes and gives whole frames. Garbage ends the stream: nothing after it can be trusted."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self.is_broken = False

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Every frame that is complete now."""
        self._waiting += data
        while not self.is_broken and len(self._waiting) >= HEAD_BYTES:
            size = int.from_bytes(self._waiting[8:12], "little")
            if self._waiting[0] not in KINDS or size > MOST_BYTES:
                self.is_broken = True
                return
            if len(self._waiting) < HEAD_BYTES + size:
                return
            at = int.from_bytes(self._waiting[1:8], "little") / 1e6
            yield Frame(chr(self._waiting[0]), at, bytes(self._waiting[HEAD_BYTES : HEAD_BYTES + size]))
            del self._waiting[: HEAD_BYTES + size]


def meta_of(data: bytes) -> dict[str, list[str]]:
    """What the first frame says: name -> values, in order."""
    found: dict[str, list[str]] = {}
    for pair in data.split(b"\0"):
        name, _, value = pair.decode("utf-8", "surrogateescape").partition("=")
        found.setdefault(name, []).append(value)
    return found
