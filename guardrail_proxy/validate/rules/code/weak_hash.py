"""A broken hash: MD2, MD4, MD5, SHA-1, crypt.

Two inputs with the same MD5 or SHA-1 can be made at will. Use SHA-256 or BLAKE2; for passwords scrypt or argon2. For a
checksum without a security meaning say so (``usedforsecurity=False``).
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, call, look, text

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = CODE
FIX = "use hashlib.sha256 or blake2b; for passwords scrypt or argon2; for checksums usedforsecurity=False"
bad = (
    "import hashlib\nhashlib.md5(data)\n",
    'MessageDigest.getInstance("SHA1");',
    "md5($input);",
    "crypto.createHash('md5')",
    "h := md5.Sum(data)",
)
good = (
    "import hashlib\nhashlib.sha256(data)\n",
    "import hashlib\nhashlib.md5(data, usedforsecurity=False)\n",
    "crypto.createHash('sha256')",
)
_TABLE: tuple[Row, ...] = (
    call("python", r"^hashlib\.(md4|md5|sha|sha1)$", unless=r"usedforsecurity\s*=\s*False"),
    call(
        "python",
        r"^hashlib\.new$",
        r"^\(\s*(name\s*=\s*)?b?[\"'](md4|md5|sha1?|MD4|MD5|SHA1?)[\"']",
        unless=r"usedforsecurity\s*=\s*False",
    ),
    call("python", r"^crypt\.(crypt|mksalt)$", r"METHOD_(CRYPT|MD5|BLOWFISH)"),
    call(
        "python",
        r"(hashes\.(MD5|SHA1)|^(Crypto|Cryptodome)\.Hash\.(MD2|MD4|MD5|SHA1?)(\.new)?|^(MD2|MD4|MD5|SHA)\.new)$",
    ),
    call(JS, r"(^|\.)(createHash|createHmac)$", r"^\(\s*[\"'`](md[245]|sha-?1|MD5|SHA1|ripemd\w*)[\"'`]"),
    call(JS, r"^(CryptoJS\.)?(MD5|SHA1|HmacMD5|HmacSHA1|md5|sha1|hex_md5)$"),
    call("java kotlin", r"MessageDigest\.getInstance$", r"\"(MD[245]|SHA-?1?)\""),
    call("java kotlin", r"DigestUtils\.(get)?(md[245]|Md[245]|sha1?|Sha1?)(Hex|Digest)?(\(|$)|Hashing\.(md5|sha1)$"),
    call("php", r"^\\?(md5|sha1|md5_file|sha1_file|crypt|mhash)$", r"."),
    call("php", r"^\\?hash(_hmac)?$", r"^\(\s*[\"'](md[245]|sha1|crc32)"),
    call("go", r"^(md5|sha1|md4|ripemd160)\.(New|Sum)$"),
    call("ruby", r"Digest::?(MD5|SHA1)|OpenSSL::Digest::(MD5|SHA1)|^Digest\.(MD5|SHA1)"),
    call("rust", r"(^|::)(Md[245]|Sha1)::(new|digest|default)$|MessageDigest::(md5|sha1)$|^md5::compute$"),
    text("rust", r"\b(Md[245]|Sha1)::new\b|MessageDigest::(md5|sha1)\b"),
    call(
        "c cpp objc swift",
        r"^(CC_)?(MD[245]|SHA1|SHA)(_Init|_Update|_Final)?$|EVP_(md[245]|sha1)$|^Insecure\.(MD5|SHA1)"
        r"|CC_(MD[245]|SHA1)$",
    ),
    text("objc swift", r"\bCC_(MD[245]|SHA1)\s*\(|Insecure\.(MD5|SHA1)"),
    call("csharp", r"(MD5|SHA1)(CryptoServiceProvider|Managed|Cng)?(\.Create)?$"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "uses a broken hash")
