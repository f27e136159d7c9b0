"""A shell command with a bare ``*`` given to chown, chmod, tar or rsync.

A file named like an option becomes one. Write ``./*`` or ``--`` before the pattern, or list the files in the program.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import Row, call, look

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = CODE
FIX = "put -- before the pattern or write ./*, or list the files in the program"
bad = ("import os\nos.system('tar cf foo.tar *')\n",)
good = ("import os\nos.listdir('.')\n",)
_TABLE: tuple[Row, ...] = (
    call("python", r"^(os\.(system|popen\d?)|popen2\.\w+|subprocess\.\w+)$", r"(chown|chmod|tar|rsync)\s[^\"']*\*"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "gives a bare wildcard to a command that takes options")
