"""WARM. One hook client: read as its bytes come, so that one that is slow or silent keeps nobody else waiting."""

import socket
import time

MOST_BYTES = 16 << 20
"""The largest payload that is judged."""
PAYLOAD_S = 5.0
"""A client that has not sent its whole payload in this time is hung up on: strict's denies then."""
ANSWER_S = 1.0
"""How long an answer may take that does not fit into the socket's buffer; all answers of today do."""
HEAD_BYTES = 4


class TooLargeError(Exception):
    """The payload is larger than any that is judged."""


class Caller:
    """A connection from which one payload comes and to which one answer goes."""

    __slots__ = ("_data", "client", "until")

    def __init__(self, client: socket.socket) -> None:
        client.settimeout(0)
        self.client, self.until = client, time.monotonic() + PAYLOAD_S
        self._data = bytearray()

    def payload(self) -> bytes | None:
        """The payload, None while some of it is missing. Raises TooLargeError, or OSError when the client hung up."""
        piece = self.client.recv(1 << 20)
        if not piece:
            raise ConnectionError("the hook client hung up")
        self._data += piece
        size = int.from_bytes(self._data[:HEAD_BYTES], "little")
        if size > MOST_BYTES:
            raise TooLargeError
        is_whole = len(self._data) >= HEAD_BYTES + size
        return bytes(self._data[HEAD_BYTES : HEAD_BYTES + size]) if is_whole else None

    def answer(self, frame: bytes) -> None:
        """Send the answer. Raises OSError."""
        self.client.settimeout(ANSWER_S)
        self.client.sendall(frame)
