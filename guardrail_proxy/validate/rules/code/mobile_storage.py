"""A setting of a mobile app that opens its files or web views to others.

Leave file access of web views off, and protect stored files.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import Row, call, look, text

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = CODE
FIX = "leave file access of web views off, and protect stored files"
bad = ("settings.setAllowUniversalAccessFromURLs(true);",)
good = ("settings.setAllowFileAccess(false);",)
_TABLE: tuple[Row, ...] = (
    call(
        "java kotlin",
        r"\.(setAllowFileAccess|setAllowFileAccessFromURLs|setAllowUniversalAccessFromURLs"
        r"|setAllowUniversalAccessFromFileURLs|setAllowFileAccessFromFileURLs)$",
        r"true",
    ),
    call("java kotlin", r"addJavascriptInterface$"),
    text("swift objc", r"\bUIWebView\b|:\s*NSObject,\s*NSCoding\b|NSKeyedUnarchiver\.unarchiveObject"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "opens an app's files or web views")
