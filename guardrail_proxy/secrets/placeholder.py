"""WARM. What stands where a secret would be and is none: masks, template variables, words that say so."""

from guardrail_proxy.secrets.rules import matches_any

PLACEHOLDERS = (
    r"(?i)^(?:true|false|null|none|nil|undefined)$",
    r"(?i)x{6,}|\*{4,}|#{4,}|\.{3,}|-{6,}|_{6,}|0{12,}",
    r"EXAMPLE|(?i)^(?:your|my|insert|replace|enter|put|change)[-_ ]|^change(?:me|it)$",
    r"^\$(?:\d+|\w+|\{[^}]*\}|\([^)]*\))$|^\$?\{\{[^}]*\}\}$|^%\w+%$|^@\w+@$|^<[^>]*>$|^\{\w*\}$|^\[[^\]]*\]$",
)
"""Values of any rule: words for nothing, masks, documentation examples, template variables."""

STOCK_WORDS = (
    "abc|access|admin|an?|api|auth|bad|bar|baz|change|client|correct|db|default|dummy|example|fake|foo|good|guest|"
    "hash(?:ed)?|here|hunter|invalid|it|key|login|me|mock|mongo(?:db)?|my|mysql|new|old|pass|passwd|password|phrase|"
    "postgres|pw|pwd|qwerty|random|redis|root|sample|secret|secure|some|string|strong|super|test(?:ing)?|the|this|to|"
    "token|user(?:name)?|value|word|wrong|your"
)
NOT_CHOSEN = (
    r"^[A-Za-z_.:/\\ -]*[^A-Za-z0-9]?$",  # only words
    r"^\d+$|(?i)example|dummy|placeholder|sample",
    r"^['\"]?[$%<{(\[&*,;#:=+)]|\$\{|\{\{|%\(|%[sd]|\}\}|[(\[]\W?\w*\W?[)\]]",  # a template, a call, a selector
    r"^(?:https?|file|env):|^\.?\.?/|^~/|\.(?:json|ya?ml|txt|pem|key|crt|py|js|ts|env)$",  # a place
    rf"(?i)^(?:(?:{STOCK_WORDS})[-_. ]?)+\d{{0,6}}[!.]{{0,3}}$",
)
"""What follows ``password =`` in code and documents and is not a password that somebody chose."""

CREDENTIALS_IN_URL = r"://([^\s:@/]*):([^\s@/]+)@"


def is_placeholder(secret: bytes) -> bool:
    """Whether a value only stands for a secret."""
    return bool(matches_any(PLACEHOLDERS, secret))


def looks_like_password(secret: bytes) -> bool:
    """Whether somebody chose it: a digit or a sign in it, no reference to a value, no word that stands for one."""
    return not matches_any(NOT_CHOSEN, secret)


def is_url_without_password(match: bytes) -> bool:
    """Whether a URL's password only stands for one, or is the user's name again as in ``postgres:postgres@``."""
    found = matches_any((CREDENTIALS_IN_URL,), match) if b"://" in match else None
    if not found:
        return False
    user, password = (match[slice(*found.span(group))] for group in (1, 2))
    return user == password or is_placeholder(password) or not looks_like_password(password)
