"""A temporary file whose name others can guess or take: mktemp, tmpnam, a fixed name in /tmp.

Somebody else makes the file first and reads or replaces it. Use ``tempfile.mkstemp`` or ``NamedTemporaryFile``.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import Row, call, look

SEVERITY: Severity = "low"
KINDS: frozenset[Kind] = CODE
FIX = "use tempfile.mkstemp or NamedTemporaryFile"
bad = (
    "import tempfile\ntempfile.mktemp()\n",
    "temp_filename = tmpnam(NULL);",
)
good = ("import tempfile\ntempfile.mkstemp()\n",)
_TABLE: tuple[Row, ...] = (
    call("python", r"^(tempfile\.mktemp(\.\w+)?|os\.(tempnam|tmpnam))$"),
    call("python", r"^open$", r"^\(\s*[\"']/(tmp|var/tmp|dev/shm)/"),
    call("c cpp objc", r"^(tmpnam|tempnam|mktemp|tmpnam_r)$"),
    call("rust", r"env::temp_dir$"),
    call("php", r"^(tmpnam|tempnam)$", r"\$_"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "uses a temporary name that others can take")
