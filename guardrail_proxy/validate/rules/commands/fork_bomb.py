"""A fork bomb: a function or loop that starts copies of itself until the machine stands still.

It helps nobody. To test limits use a container with ``--pids-limit``, or ``ulimit -u`` in a shell of its own.
"""

import re
from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match

SEVERITY: Severity = "critical"
KINDS: frozenset[Kind] = frozenset({"command"})
FIX = "do not run it; test process limits in a container with --pids-limit"
bad = (":(){ :|:& };:", "bomb() { bomb | bomb & }; bomb", "while true; do $0 & done")
good = ("f() { g | h; }; f", "while true; do sleep 1; done", "build() { make & }; build")
_BOMB = re.compile(
    r"(?P<name>[\w:.]{1,30})\s*\(\)\s*\{\s*(?P=name)\s*\|\s*(?P=name)\s*&|while\s+(true|:)\s*;\s*do\s+\"?\$0\"?\s*&"
    r"|fork\s+while\s+(fork|1)|while\s*\(?1\)?\s*\{?\s*fork|os\.fork\(\)[^\n]{0,10}while|while True:\s*os\.fork\(\)"
)


def check(event: Event) -> Iterator[Match]:
    """Every fork bomb."""
    for found in _BOMB.finditer(event.text):
        yield Match(found.start(), found.end(), "a fork bomb")
