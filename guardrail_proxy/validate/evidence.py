"""WARM. Turns a rule's match into a finding: context, quote without secrets, line, fingerprint."""

import re
from dataclasses import dataclass
from hashlib import blake2b

from guardrail_proxy.secrets.mask import mask, mask_slice
from guardrail_proxy.session import Context, Event, Finding, Kind, Severity
from guardrail_proxy.validate.rule import Match, Rule

SECRETS = "secrets/"
QUOTE_CHARACTERS = 200
NO_SALT = b"guardrail-proxy"
"""Keys a fingerprint where the home has no salt: equal across homes, still no plain hash of a secret."""
CONTEXTS: dict[Kind, Context] = {
    "command": "executed",
    "tool call": "executed",
    "file write": "written",
    "prompt": "quoted",
    "tool result": "quoted",
}
"""Where a match stands; everything else was printed."""
GIVEN: frozenset[Kind] = frozenset({"prompt", "tool result"})
"""What the AI was given: a secret there is not its doing."""
TEST_PATH = re.compile(
    r"(?:^|/)(?:tests?|specs?|__tests__|fixtures?|testdata|mocks?|examples?)/|(?:^|/)(?:test_|conftest\.)|[._-](?:test|spec)\.\w+$"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Which rule looked at which event."""

    rule_id: str
    rule: Rule
    event: Event
    seq: int


def finding(place: Place, match: Match, salt: bytes) -> Finding:
    """The finding that one match is."""
    event, start, end = place.event, match.start, match.end
    identity = match.id or place.rule_id
    return Finding(
        id=identity,
        kind="violation",
        severity=_severity(place, match),
        message=match.message if place.rule_id.startswith(SECRETS) else mask(match.message),
        quote=_quote(event, match),
        event_seq=place.seq,
        line=match.line or event.text.count("\n", 0, start) + 1,
        context=context_of(event),
        fingerprint=fingerprint(identity, event.text[start:end], salt),
        fix=place.rule.FIX,
        in_test=bool(TEST_PATH.search(event.path)),
        denied=event.denied,
    )


def context_of(event: Event) -> Context:
    """What became of the event's text; a call that was denied is only proposed."""
    context = CONTEXTS.get(event.kind, "printed")
    return "proposed" if event.denied and context in ("executed", "written") else context


def fingerprint(identity: str, matched: str, salt: bytes = b"") -> str:
    """Stable id of what was matched, keyed so that a secret cannot be guessed from it."""
    data = f"{identity}\0{matched}".encode("utf-8", "surrogatepass")
    return blake2b(data, digest_size=12, key=(salt or NO_SALT)[:64]).hexdigest()


def _severity(place: Place, match: Match) -> Severity:
    severity = match.severity or place.rule.SEVERITY
    given = place.event.kind in GIVEN and place.rule_id.startswith(SECRETS)
    return "high" if given and severity == "critical" else severity


def _quote(event: Event, match: Match) -> str:
    quote = mask_slice(event.text, match.start, match.end) if match.quote is None else mask(match.quote)
    return quote if len(quote) <= QUOTE_CHARACTERS else quote[: QUOTE_CHARACTERS - 1] + "…"
