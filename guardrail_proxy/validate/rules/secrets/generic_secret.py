"""A value that its name calls a password, key, secret or token, and that looks random enough to be a real one.

No provider is known, so it may be a test value: the severity is high, not critical. Read such values from the
environment or a secret store; in examples write an obvious placeholder (``<password>``, ``changeme``, ``${TOKEN}``).
"""

from collections.abc import Iterator

from guardrail_proxy.secrets.find import find_secrets
from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = frozenset({"prompt", "message", "command", "tool call", "tool result", "file write", "error"})
FIX = "read the value from the environment or a secret store; if it was real, change it"
bad = ('api_secret = "' + 'k9Vx2mQ8rTz4LwB7nYp3JdH6"',)
good = (
    "password = getpass.getpass()",
    'api_key = "<your-api-key>"',
    "the token expires after 3600 seconds",
    "secret: ${APP_SECRET}",
)


def check(event: Event) -> Iterator[Match]:
    """Every value that its name makes a secret."""
    for span in find_secrets(event.text):
        if span.kind == "generic":
            yield Match(span.start, span.end, "a password, key or token in plain text")
