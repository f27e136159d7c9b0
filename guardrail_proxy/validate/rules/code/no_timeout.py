"""A request without a time limit.

A server that never answers stops the program for good. Give ``timeout=`` in seconds.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import Row, call, look

SEVERITY: Severity = "low"
KINDS: frozenset[Kind] = CODE
FIX = "give timeout= in seconds"
bad = (
    "import requests\nrequests.get(url)\n",
    "import httpx\nhttpx.get(url, timeout=None)\n",
)
good = (
    "import requests\nrequests.get(url, timeout=5)\n",
    "import httpx\nhttpx.get(url)\n",
)
_TABLE: tuple[Row, ...] = (
    call(
        "python", r"^requests\.(get|post|put|patch|delete|head|options|request)$", unless=r"timeout\s*=\s*(?!None)|\*\*"
    ),
    call(
        "python",
        r"^httpx\.(get|post|put|patch|delete|head|options|request|stream|Client|AsyncClient)$",
        r"timeout\s*=\s*None",
    ),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "asks a server without a time limit")
