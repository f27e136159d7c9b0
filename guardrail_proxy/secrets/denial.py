"""WARM. What makes a match of a secret rule no secret: too little entropy, the wrong shape, the rule's exceptions."""

import json
import math
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from itertools import pairwise

from guardrail_proxy.secrets.placeholder import is_placeholder, is_url_without_password, looks_like_password
from guardrail_proxy.secrets.rules import DataRule, Shape, matches_any, stopword_index

DIGITS = b"0123456789"
LOWER = b"abcdefghijklmnopqrstuvwxyz"
UPPER = LOWER.upper()
HEXADECIMAL = DIGITS + b"abcdef"
ALPHANUMERIC = DIGITS + LOWER + UPPER
NAME = ALPHANUMERIC + b"_.-"
NAME_BYTES = 50
HASH_BYTES = 32
TOKEN_BYTES = 20


def is_denied(rule: DataRule, data: bytes, whole: tuple[int, int], span: tuple[int, int]) -> bool:
    """Whether ``data[span]``, found by a rule's match ``whole``, is no secret after all."""
    secret = data[slice(*span)]
    return (
        not secret
        or len(secret) > (rule.longest or len(secret))
        or (rule.entropy > 0 and entropy(secret) <= rule.entropy)
        or _has_too_few(rule, secret)
        or is_placeholder(secret)
        or is_url_without_password(data[slice(*whole)])
        or not SHAPES[rule.shape](secret)
        or _has_stopword(rule, secret)
        or _is_excepted(rule, data, whole, secret)
    )


def entropy(data: bytes) -> float:
    """Shannon entropy in bits a byte."""
    size = len(data)
    counts = [data.count(byte) for byte in set(data)]
    return -sum(n / size * math.log2(n / size) for n in counts) if size else 0.0


def looks_random(secret: bytes) -> bool:
    """Whether it is a hash or letters and digits alternate as in a token, not as in ``release-2024-notes``."""
    if len(secret) >= HASH_BYTES and not secret.lower().translate(None, HEXADECIMAL):
        return True
    kinds = [byte in DIGITS for byte in secret if byte in ALPHANUMERIC]
    changes = sum(a != b for a, b in pairwise(kinds))
    return changes >= 4 and changes * 8 >= len(kinds)


def looks_like_token(secret: bytes) -> bool:
    """Whether it is long, or random enough that its length does not matter."""
    return len(secret) >= TOKEN_BYTES or looks_random(secret)


def looks_like_jwt(secret: bytes) -> bool:
    """Whether the first part is a JSON object in base64, as a token's header is."""
    header = secret.split(b".", 1)[0]
    try:
        return isinstance(json.loads(urlsafe_b64decode(header + b"=" * (-len(header) % 4))), dict)
    except ValueError:
        return False


SHAPES: Mapping[Shape, Callable[[bytes], bool]] = {
    "any": bool,
    "random": looks_random,
    "token": looks_like_token,
    "password": looks_like_password,
    "jwt": looks_like_jwt,
}


def _has_too_few(rule: DataRule, secret: bytes) -> bool:
    wanted = ((rule.digits, DIGITS), (rule.lower, LOWER), (rule.upper, UPPER))
    return any(count and len(secret) - len(secret.translate(None, chars)) < count for count, chars in wanted)


def _has_stopword(rule: DataRule, secret: bytes) -> bool:
    return bool(rule.stopwords) and bool(stopword_index(rule.stopwords).find_matches_as_indexes(secret.lower()))


def _is_excepted(rule: DataRule, data: bytes, whole: tuple[int, int], secret: bytes) -> bool:
    if matches_any(rule.deny_secret, secret):
        return True
    if rule.deny_match and matches_any(rule.deny_match, data[_name_start(data, whole[0]) : whole[1]]):
        return True
    if not rule.deny_line:
        return False
    start = data.rfind(b"\n", 0, whole[0]) + 1
    end = data.find(b"\n", whole[1])
    return bool(matches_any(rule.deny_line, data[start : end if end >= 0 else len(data)]))


def _name_start(data: bytes, at: int) -> int:
    """Where the name begins that a match is the end of: ``public_`` before ``key = ...``."""
    before = data[max(0, at - NAME_BYTES) : at]
    return at - len(before) + len(before.rstrip(NAME))
