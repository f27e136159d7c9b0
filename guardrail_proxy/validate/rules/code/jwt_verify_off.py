"""A signed token whose signature is not checked, or whose algorithm may be "none".

Anybody can then write a token. Name the algorithms and leave verification on.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, call, look

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = CODE
FIX = "name the allowed algorithms and leave signature verification on"
bad = (
    "import jwt\njwt.decode(token, options={'verify_signature': False})\n",
    "jwt.verify(token, key, { algorithms: ['none'] })",
)
good = ("import jwt\njwt.decode(token, key, algorithms=['HS256'])\n",)
_TABLE: tuple[Row, ...] = (
    call("python", r"jwt\.decode$", r"verify\w*[\"']?\s*[:=]\s*False|[\"']none[\"']"),
    call(JS, r"(^|\.)(jwt|jsonwebtoken)\.(verify|sign|decode)$", r"[\"']none[\"']|ignoreExpiration"),
    call("go", r"ParseUnverified$"),
    call("java kotlin", r"Algorithm\.none$|\.parse(Unsecured\w*)?$", r"^\(\s*\)$"),
    call("c cpp", r"jwt_decode$", r"NULL,\s*0"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "does not check a token's signature")
