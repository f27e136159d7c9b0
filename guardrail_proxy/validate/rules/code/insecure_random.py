"""Random numbers that can be foretold, where a secret needs them.

Use ``secrets`` in Python, ``crypto.randomBytes`` in JavaScript, ``SecureRandom`` in Java, ``crypto/rand`` in Go.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, assign, call, look, text

SEVERITY: Severity = "low"
KINDS: frozenset[Kind] = CODE
FIX = "use secrets, crypto.randomBytes, SecureRandom or crypto/rand"
bad = (
    "import random\ntoken = random.choice(letters)\n",
    "var sessionToken = Math.random();\n",
    "return rand();",
)
good = (
    "import secrets\ntoken = secrets.token_hex()\n",
    "Random rnd = new SecureRandom();",
)
_TABLE: tuple[Row, ...] = (
    assign(
        "python",
        r"(?i)(token|secret|passw|salt|nonce|otp|session|key\b|iv\b|captcha|csrf)",
        r"\brandom\.(random|randint|choices?|randrange|sample|getrandbits|uniform)",
    ),
    assign(JS, r"(?i)(token|secret|passw|salt|nonce|otp|session|key$|iv$)", r"Math\.random\("),
    call("php", r"^(mt_srand|srand|lcg_value)$|^(rand|mt_rand)$", r"token|secret|passw"),
    text("c cpp objc", r"\breturn\s+rand\s*\(\s*\)|\b(drand48|lrand48|mrand48)\s*\("),
    assign(
        "c cpp objc java go",
        r"(?i)(token|secret|passw|salt|nonce|otp|session_?id|\bkey\b|\biv\b)",
        r"\brand\(\)|new Random\(|rand\.(Int|Intn|Read)\(|Math\.random",
    ),
    assign(JS, r"\bsalt\b", r"^[\"']|Buffer\.from\(\s*[\"']"),
    call("python", r"(pbkdf2_hmac|scrypt|PBKDF2|gensalt)$", r"b[\"'][^\"']{1,32}[\"']\s*,\s*\d+\s*\)$"),
    call(JS, r"(pbkdf2|pbkdf2Sync|scryptSync|scrypt)$", r",\s*[\"'][^\"']+[\"']\s*,\s*\d+"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "uses random numbers that can be foretold")
