"""Sessions that a writer acknowledged, and whether the store has each of them whole and once."""

from __future__ import annotations

import os
import subprocess
import threading
from collections import Counter
from collections.abc import Sequence

from guardrail_proxy.home import Home
from guardrail_proxy.store.query import ask

SEEN = """
SELECT CAST(session_id AS VARCHAR), n_failures,
    (SELECT count(*) FROM failures AS f WHERE f.session_id = s.session_id),
    (SELECT count(*) FROM tool_calls AS t WHERE t.session_id = s.session_id)
FROM sessions AS s
"""
Acks = dict[str, tuple[int, int]]
"""Session -> how many failures and tool calls it has."""


def read_ack(line: str) -> Acks:
    """What one line of a writer acknowledges; nothing when it was cut."""
    if not line.startswith("ACK ") or not line.endswith("\n"):
        return {}
    _, name, _, failures, calls, _ = line.split()
    return {name: (int(failures), int(calls))}


class Writer:
    """A process that brings sessions for ever; what it acknowledges is added to ``acks``."""

    def __init__(self, words: Sequence[str], acks: Acks, enough: int = 1, **env: str) -> None:
        """``enough``: after so many acknowledgements the event of that name is set; at its end too."""
        self._acks, self._left, self.enough = acks, enough, threading.Event()
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={**os.environ, **env})
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            acknowledged = read_ack(line)
            self._acks.update(acknowledged)
            self._left -= len(acknowledged)
            if self._left <= 0:
                self.enough.set()
        self.enough.set()

    def kill(self) -> None:
        """Kill it alone; all that it has said was read."""
        self.process.kill()
        self.process.wait()
        self._reader.join()


def check(home: Home, expected: Acks) -> set[str]:
    """Assert that each is there, once, with its rows; the ids of all that are there."""
    rows = ask(home, SEEN).rows
    doubled = [name for name, n in Counter(str(row[0]) for row in rows).items() if n > 1]
    seen = {str(name): (own, failures, calls) for name, own, failures, calls in rows}
    wrong = {name: seen.get(name) for name, (f, c) in expected.items() if seen.get(name) != (f, f, c)}
    assert (doubled, wrong) == ([], {})
    return set(seen)
