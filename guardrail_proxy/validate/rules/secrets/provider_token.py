"""A token or key of a known provider (GitHub, Slack, Stripe, OpenAI, a database URL with its password, ...).

The finding's id names the kind: ``secrets/github-pat``. Such values work for whoever reads them until they are revoked.
Read them from the environment or a secret store, write down the name and never the value, and revoke what was shown.
"""

from collections.abc import Iterator

from guardrail_proxy.secrets.find import find_secrets
from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match

SEVERITY: Severity = "critical"
KINDS: frozenset[Kind] = frozenset({"prompt", "message", "command", "tool call", "tool result", "file write", "error"})
FIX = "revoke the token at its provider, and read it from the environment or a secret store instead"
bad = ("git clone https://ghp_" + "wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx@github.com/o/r.git",)
good = (
    "token = os.environ['GITHUB_TOKEN']",
    "tokens look like ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "postgres://user:${PASSWORD}@db/app",
)


def check(event: Event) -> Iterator[Match]:
    """Every value that a provider's rule knows."""
    for span in find_secrets(event.text):
        if span.kind == "provider":
            yield Match(span.start, span.end, f"a secret in plain text: {span.rule}", id=f"secrets/{span.rule}")
