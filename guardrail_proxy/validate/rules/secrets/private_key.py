"""A private key in plain text: PEM, PGP, OpenSSH, PuTTY or age.

Who can read it can sign, log in and decrypt as its owner, and a key once shown cannot be made secret again. Keep keys
in files that only the program reads, name the file's path instead of its content, and replace a key that was shown.
"""

from collections.abc import Iterator

from guardrail_proxy.secrets.find import find_secrets
from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match

SEVERITY: Severity = "critical"
KINDS: frozenset[Kind] = frozenset({"prompt", "message", "command", "tool call", "tool result", "file write", "error"})
FIX = "replace the key pair, and refer to a key by the path of its file"
_BODY = "MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49\nAwEHoUQDQgAEPR3tU2Fta9ktY+6P9G0cWO+0kETA"
bad = (f"-----BEGIN EC PRIVATE KEY-----\n{_BODY}\n-----END EC PRIVATE KEY-----",)
good = (
    "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "a PEM file begins with -----BEGIN PRIVATE KEY----- and is base64 inside",
    "ssh -i ~/.ssh/id_ed25519 host",
)


def check(event: Event) -> Iterator[Match]:
    """Every private key."""
    for span in find_secrets(event.text):
        if span.kind == "private-key":
            yield Match(span.start, span.end, "a private key in plain text")
