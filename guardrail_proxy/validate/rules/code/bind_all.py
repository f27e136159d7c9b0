"""A server that listens on every address of the machine.

Everybody in the network reaches it. Bind 127.0.0.1 and let a proxy or a setting open it.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import Row, assign, call, look

SEVERITY: Severity = "low"
KINDS: frozenset[Kind] = CODE
FIX = "bind 127.0.0.1, and open it by a setting"
bad = ("import socket\ns.bind(('0.0.0.0', 31137))\n",)
good = ("import socket\ns.bind(('127.0.0.1', 8080))\n",)
_TABLE: tuple[Row, ...] = (
    call(
        "python",
        r"\.(bind|run|listen|serve|start_server|run_app)$|(TCPServer|HTTPServer|create_server)$",
        r"[\"'](0\.0\.0\.0|::)?[\"']\s*[,)]",
        unless=r"^\(\s*\)$",
    ),
    assign("python", r"^(host|HOST|BIND|bind_host)$", r"^[\"'](0\.0\.0\.0)[\"']"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "listens on every address")
