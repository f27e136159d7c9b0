"""A broken cipher, mode or key size: DES, RC4, Blowfish, ECB, RSA under 2048 bits, a fixed IV.

Such data can be read or changed without the key. Use AES-GCM or ChaCha20-Poly1305, RSA of 3072 bits, curves of 256.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, assign, call, look, text

SEVERITY: Severity = "medium"
KINDS: frozenset[Kind] = CODE
FIX = "use AES-GCM or ChaCha20-Poly1305 with a random nonce; RSA with 3072 bits"
bad = (
    "from Crypto.Cipher import DES\nDES.new(key, DES.MODE_ECB)\n",
    'Cipher.getInstance("DESede/ECB/PKCS5Padding");',
    "crypto.createCipheriv('des-ede3-cbc', key, iv)",
    "block, err := des.NewCipher(key)",
    (
        "from cryptography.hazmat.primitives.asymmetric import rsa\nrsa.generate_private_key(public_exponent=65537, "
        "key_size=1024)\n"
    ),
)
good = (
    'Cipher.getInstance("AES/GCM/NoPadding");',
    (
        "from cryptography.hazmat.primitives.asymmetric import rsa\nrsa.generate_private_key(public_exponent=65537, "
        "key_size=3072)\n"
    ),
)
_TABLE: tuple[Row, ...] = (
    call(
        "python",
        r"(^|\.)(Crypto(dome)?\.Cipher\.)?(ARC2|ARC4|Blowfish|DES3?|XOR|IDEA|CAST)\.new$|algorithms\.(ARC4"
        r"|Blowfish|IDEA|CAST5|SEED|TripleDES)$|modes\.ECB$",
    ),
    call("python", r".", r"MODE_ECB"),
    call(
        "python",
        r"(rsa|dsa)\.generate_private_key$|^(Crypto(dome)?\.PublicKey\.)?(RSA|DSA)\.generate$",
        r"(^\(|[,=(]\s*)(512|768|1024|1536|2047|20\d\d(?<!2048))\b",
    ),
    call("python", r"ec\.generate_private_key$", r"SECP?T?(192|160|163)|SECT163|SECP192|SECT193|BrainpoolP160"),
    call(
        JS,
        r"(createCipheriv|createDecipheriv|createCipher|createDecipher)$",
        r"^\(\s*[\"'`](des|rc[24]|bf|blowfish|cast|[\w-]*-ecb)",
    ),
    call(JS, r"createCipher$"),
    call(
        JS,
        r"(NodeRSA|generateKeyPair\w*|RSAKey|generateKeyPairSync)$",
        r"\b(b|modulusLength|bits)\s*:\s*(512|768|1024)\b|^\(\s*(512|1024)",
    ),
    call(JS, r"createCipheriv$", r"Buffer\.(alloc|from)\(\s*(16|[\"'])"),
    assign(JS, r"\biv\b", r"Buffer\.(alloc\(|from\(\s*[\"'])|^[\"']"),
    call(
        "java kotlin",
        r"(Cipher|KeyGenerator|SecretKeyFactory)\.getInstance$",
        r"\"(DES|DESede|3DES|TripleDES|RC[245]|ARCFOUR|Blowfish)|/ECB|/None/NoPadding|/NONE/NoPadding|\"AES\"",
        unless=r"RSA/ECB/OAEP",
    ),
    call(
        "java kotlin",
        r"(NullCipher|setBlockModes|SecretKeySpec)$",
        r"BLOCK_MODE_ECB|\"(DES|RC4|DESede|Blowfish)\"|^\(\s*\)$",
    ),
    call("java kotlin", r"\.(initialize|init)$", r"^\(\s*(512|768|1024)\b"),
    text("java kotlin", r"\.setBlockModes\(KeyProperties\.BLOCK_MODE_ECB\)|new NullCipher\("),
    call("go", r"^(des|rc4)\.(NewCipher|NewTripleDESCipher)$|^cipher\.NewECB\w*$"),
    call("go", r"^rsa\.GenerateKey$", r",\s*(512|768|1024)\s*\)"),
    call("php", r"^(openssl_(en|de)crypt|mcrypt_\w+)$", r"(?i)des|rc4|ecb|bf-|MCRYPT_"),
    call("ruby", r"Cipher", r"(?i)des|rc4|ecb|bf-"),
    call("ruby", r"RSA\.(new|generate)$", r"^\(\s*(512|768|1024)\b"),
    call("rust", r"Cipher::(bf|des|rc4)\w*$|Cipher::\w*ecb$|Rsa::generate$", unless=r"^\(\s*(2048|3072|4096)"),
    call("c cpp objc", r"^(DES|RC4|RC2|BF)_\w+$|^EVP_(des|rc4|rc2|bf)\w*$|^EVP_\w+_ecb$|BN_get0_nist_prime_(192|224)$"),
    call(
        "c cpp objc",
        r"^(RSA_generate_key(_ex)?|DSA_generate_parameters(_ex)?|EVP_PKEY_CTX_set_(rsa_keygen|dsa_paramgen)_bits)$",
        r",\s*(512|768|1024)\s*[,)]",
    ),
    call("c cpp", r"popen$|system$", r"(genrsa|gendsa|dsaparam|genpkey).*\b(512|1024)\b"),
    assign("c cpp", r"\w", r"^\"openssl\s+(genrsa|dsaparam|gendsa|genpkey).*\b(512|1024)\b"),
    assign("c cpp objc", r"\biv(\[\w*\])?$", r"^(\{?\s*0|\"|\w+$)"),
    call("csharp", r"(DES|TripleDES|RC2)(CryptoServiceProvider|\.Create)$"),
    assign("csharp", r"\.Mode$", r"CipherMode\.ECB"),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "uses a broken cipher or too short a key")
