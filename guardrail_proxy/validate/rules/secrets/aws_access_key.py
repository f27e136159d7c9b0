"""An AWS access key id: who has it and its secret half acts as you in your AWS account.

Access keys are long-lived and work from anywhere, and leaked ones are used within minutes. Give the program a role,
``aws sso login``, or the name of an environment variable; keys that were shown must be deactivated and replaced.
"""

from collections.abc import Iterator

from guardrail_proxy.secrets.find import find_secrets
from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match

SEVERITY: Severity = "critical"
KINDS: frozenset[Kind] = frozenset({"prompt", "message", "command", "tool call", "tool result", "file write", "error"})
FIX = "deactivate the key in IAM, and read credentials from the environment or a role instead of writing them down"
bad = (
    "aws_access_key_id = AKIA" + "QYLPMN5HNQX2TBJR",
    "export AWS_ACCESS_KEY_ID=ASIA" + "Y34FZKBOKMUTVV7A",
)
good = (
    "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
    'key = os.environ["AWS_ACCESS_KEY_ID"]',
    "AKIA is the prefix of a long-lived access key id",
)


def check(event: Event) -> Iterator[Match]:
    """Every AWS access key id."""
    for span in find_secrets(event.text):
        if span.kind == "aws":
            yield Match(span.start, span.end, "an AWS access key id in plain text")
