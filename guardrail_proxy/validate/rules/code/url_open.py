"""``urlopen`` on an address that is not known to be http.

It opens ``file:`` and ``ftp:`` too, so an address from outside reads local files. Check the scheme, or use an HTTP
client.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, call, look

SEVERITY: Severity = "low"
KINDS: frozenset[Kind] = CODE
FIX = "check that the address begins with https://, or use an HTTP client"
bad = (
    "import urllib.request\nurllib.request.urlopen(url)\n",
    "axios.get(req.query.url)",
)
good = ("import urllib.request\nurllib.request.urlopen('https://example.com')\n",)
_TABLE: tuple[Row, ...] = (
    call(
        "python",
        r"^(urllib\.request\.|urllib\.|urllib2\.|six\.moves\.urllib\.request\.)?(urlopen|urlretrieve|Request)$",
        unless=r"^\(\s*(\w+\s*=\s*)?(urllib\.request\.Request\(\s*(\w+\s*=\s*)?)?f?[\"']https?:",
    ),
    call("python", r"^(urllib\.request\.|urllib\.|urllib2\.)(urlopen|urlretrieve|Request)$", r"\*\*"),
    call("python", r"URLopener\(\)\.(open|retrieve)$|FancyURLopener$|(urllib\.request|urllib)\.URLopener$"),
    call(JS, r"^(axios(\.\w+)?|fetch|got|request(\.get)?|http\.get|https\.get|needle)$", r"req\.(query|params|body)"),
    call("php", r"^(curl_exec|file_get_contents|curl_init)$", r"\$_(GET|POST|REQUEST)"),
    call("go", r"^http\.(Get|Post)$", r"r\.(URL|Form|FormValue)"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "opens an address that may be a local file")
