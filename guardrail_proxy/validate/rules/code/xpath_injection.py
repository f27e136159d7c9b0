"""An XPath or LDAP query put together from values.

A quote in a value changes what is asked. Use variables of the query, or escape the value.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, assign, call, look

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = CODE
FIX = "use variables of the query language, or escape the value"
bad = (
    "tree.xpath(f\"//user[name='{name}']\")\n",
    "const nodes = xpath.select(`//user[name='${name}']`, doc)",
)
good = ("tree.xpath('//user[name=$n]', n=name)\n",)
_TABLE: tuple[Row, ...] = (
    call(
        "python",
        r"\.(xpath|findall|find|search_s)$",
        r"^\(\s*(f[\"'][^\"']*//?[\w\[].*\{|[\"']//?.*[\"']\s*(%|\+|\.format))",
    ),
    call(
        JS,
        r"(xpath\.(select\w*|evaluate)|\.(evaluate|find|get))$",
        r"^\(\s*(`[^`]*/[^`]*\$\{|[\"'][^\"']*//.*[\"']\s*\+)",
    ),
    assign(JS, r"\w", r"^`//?\w+[^`]*\[[^`]*\$\{"),
    assign("go", r"\w", r"fmt\.Sprintf\(\s*[\"`]/{1,2}\w+.*\[[^,]*%s"),
    call("c cpp", r"s?n?printf$", r"\"/{1,2}\w+[^\"]*\[[^\"]*%s"),
    call("java", r"\.(evaluate|compile|search)$", r"\"\s*\+"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "puts a value into the text of a query")
