"""A password, secret or token written into the program.

Everybody with the source has it, for as long as its history exists. Read it from the environment or a secret store.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import Row, assign, look, text

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = CODE
FIX = "read it from the environment or a secret store"
bad = (
    'password = "s3cr3t"\n',
    'connect(host, password="hunter2x")\n',
    'def f(user, password="hunter2x"):\n    pass\n',
    'if token == "s3cr3t":\n    pass\n',
)
good = (
    'password = os.environ["PASSWORD"]\n',
    'password = ""\n',
    "password = None\n",
    'compassion = "Please"\n',
    'token_type = "bearer"\n',
    'password_label = "Password:"\n',
)
_TABLE: tuple[Row, ...] = (
    assign(
        "python",
        r"(?!.*_(type|name|field|label|url|uri|path|file|hash|regex|pattern|prefix|env|var|help|text|header"
        r"|length|kind|types|fields)\b)(^|[\[\"'._ ])(\w*_)?([pP][aA][sS]+[wW]?[oO]?[rR]?[dD]|[pP]ass"
        r"|[pP]assphrase|pwd|PWD|token|TOKEN|secrete?|SECRETE?|SECRET|api_key|API_KEY|secret_key|SECRET_KEY"
        r"|access_key)(_\w*)?[\"'\]]*(\s*:\s*[\w.\[\]]+)?$",
        r"^([a-z_]+\s*=+\s*)?[rbu]?[\"'](?!\s*[\"'])(?!.*(\$\{|\{\w*\}|<\w+>|%s|\bprompt|Enter "
        r"|your))[^\"'\n]{2,}[\"']$",
        unless=r"^[\"']\W*[\"']$|^[\"'](str|int|string|none|None|null|true|false|password|token|secret|bearer"
        r"|required|invalid)[\"']$",
    ),
    assign("python", r"^(password|pwd|pass|passwd|token|secrete?)$", r"==\s*[\"'][^\"']+[\"']$"),
    assign(
        "javascript typescript tsx java go php ruby csharp kotlin swift",
        r"(?i)(^|[^a-z])\$?(\w*_)?(db_?|user_?|admin_?|root_?)?(password|passwd|passphrase|secret_?key|api_?key"
        r"|access_?token|auth_?token|client_?secret|private_?key|jwt_?secret)[\"']?(\s*:\s*\w+)?$",
        r"^[\"'`][^\"'`\s${}<>]{6,}[\"'`]$",
        unless=r"(?i)password|secret|token|your|example|change|xxx|\*\*\*|process\.env|-----|^.[a-z_.:-]+.$",
    ),
    text(
        "php",
        r"-----BEGIN (RSA |EC )?PRIVATE KEY-----|\b(ghp_\w{36}|AIza[\w-]{35,}|sk_live_\w{20,}|ya29\.[\w-]{20,}"
        r"|AKIA[A-Z0-9]{16}|xox[bp]-[\w-]{10,})",
    ),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "a password or token written into the program")
