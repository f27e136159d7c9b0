"""A regular expression made from what a user sent.

Some patterns take minutes on a short text. Escape the value, or use plain search.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, call, look

SEVERITY: Severity = "low"
KINDS: frozenset[Kind] = CODE
FIX = "escape the value (re.escape) or search plainly"
bad = (
    "const unsafe = new RegExp(pattern);",
    "import re\nre.search(request.args['q'], text)\n",
)
good = (
    "const r = new RegExp('a+b');",
    "import re\nre.search('a+b', text)\n",
)
_TABLE: tuple[Row, ...] = (
    call(JS, r"^RegExp$", r"^\(\s*(pattern|input|query|user\w*|search\w*|req\.)"),
    call("python", r"^re\.(search|match|compile|findall|sub|fullmatch)$", r"request\.|sys\.argv|user_input"),
    call("go", r"^regexp\.(Compile|MustCompile)$", r"r\.(URL|Form)"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "makes a regular expression from a value")
