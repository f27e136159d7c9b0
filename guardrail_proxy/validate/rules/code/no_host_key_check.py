"""An SSH connection that accepts any host key.

Anybody on the way can be the server. Load known keys and reject others.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import Row, call, look

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = CODE
FIX = "load known host keys and use RejectPolicy"
bad = (
    "import paramiko\nclient.set_missing_host_key_policy(paramiko.AutoAddPolicy())\n",
    "config := &ssh.ClientConfig{HostKeyCallback: ssh.InsecureIgnoreHostKey()}",
)
good = ("import paramiko\nclient.set_missing_host_key_policy(paramiko.RejectPolicy())\n",)
_TABLE: tuple[Row, ...] = (
    call("python", r"set_missing_host_key_policy$", r"AutoAdd|WarningPolicy|AutoAddPolicy"),
    call("python", r"^(asyncssh\.connect|pysftp\.Connection)$", r"known_hosts\s*=\s*None"),
    call("go", r"InsecureIgnoreHostKey$"),
    call("java kotlin", r"\.setConfig$", r"StrictHostKeyChecking\",\s*\"no"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "accepts any SSH host key")
