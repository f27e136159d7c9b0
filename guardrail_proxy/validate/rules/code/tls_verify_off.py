"""A TLS connection whose certificate is not checked, or an old TLS version.

Anybody on the way can then read and change what is sent. Leave checks on; trust a private authority with
``verify=path``.
"""

from collections.abc import Iterator

from guardrail_proxy.session import Event, Kind, Severity
from guardrail_proxy.validate.rule import Match
from guardrail_proxy.validate.rules.code._facts import KINDS as CODE
from guardrail_proxy.validate.rules.code._table import JS, Row, assign, call, imports, look, text

SEVERITY: Severity = "high"
KINDS: frozenset[Kind] = CODE
FIX = 'leave verification on; name a private authority with verify="ca.pem"'
bad = (
    "import requests\nrequests.get(url, verify=False, timeout=5)\n",
    "import ssl\nssl._create_unverified_context()\n",
    "HostnameVerifier allowAll = new NoopHostnameVerifier();",
    "tr := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}",
    "https.request({rejectUnauthorized: false})",
)
good = (
    "import requests\nrequests.get(url, verify=True, timeout=5)\n",
    "import ssl\nssl.create_default_context()\n",
)
_TABLE: tuple[Row, ...] = (
    call(
        "python",
        r"^(requests|httpx|aiohttp|urllib3|session|client)\.|\.(get|post|request)$",
        r"\b(verify|verify_ssl|ssl)\s*=\s*False",
    ),
    call("python", r".", r"cert_reqs\s*=\s*[\"\']?(ssl\.)?CERT_NONE|check_hostname\s*=\s*False"),
    call("python", r"^ssl\._create_unverified_context$|^urllib3\.disable_warnings$|^ssl\._https_verify_certificates$"),
    assign(
        "python",
        r"(check_hostname|\.verify|verify_mode|_create_default_https_context)$",
        r"^False|CERT_NONE|_create_unverified_context",
    ),
    call(
        "python",
        r"^(ssl\.(wrap_socket|SSLContext)|.*\bSSL\.Context|OpenSSL\.SSL\.Context)$",
        r"PROTOCOL_(SSL|TLSv1)(v[23])?\b|PROTOCOL_TLSv1_1|SSLv[23]|TLSv1(_1)?_METHOD",
    ),
    call("python", r"^ssl\.wrap_socket$", r"^\(\s*\)$"),
    call(
        "python",
        r"^(SSL\.|ssl\.)?\w+$",
        r"(ssl_version|method)\s*=\s*(\w+\.)*(PROTOCOL_SSLv\w+|PROTOCOL_TLSv1|SSLv\w+_METHOD|TLSv1_METHOD)",
    ),
    assign("python", r"\w", r"^(\w+\.)*(PROTOCOL_SSLv[23]|PROTOCOL_TLSv1(_1)?|SSLv(2|3|23)_METHOD|TLSv1(_1)?_METHOD)$"),
    call("python", r"^logging\.config\.listen$", unless=r"verify\s*="),
    assign(JS, r"rejectUnauthorized[\"\']?$|strictSSL|insecure$", r"^false"),
    assign(JS, r"NODE_TLS_REJECT_UNAUTHORIZED", r"0"),
    call(
        "java kotlin",
        r"(NullHostnameVerifier|AllowAllHostnameVerifier|NoopHostnameVerifier|TrustAllStrategy"
        r"|TrustSelfSignedStrategy|ALLOW_ALL\w*)$",
    ),
    call("java kotlin", r"\.setHostnameVerifier$|\.setDefaultHostnameVerifier$", r"->\s*true|ALLOW_ALL|Noop"),
    call("java kotlin", r"SSLContext\.getInstance$", r"\"(SSL(v\d)?|TLSv1(\.1)?)\""),
    imports("java", r"NoopHostnameVerifier|AllowAllHostnameVerifier"),
    assign("go", r"InsecureSkipVerify", r"true"),
    assign("go", r"MinVersion", r"VersionSSL30|VersionTLS1[01]\b"),
    call("php", r"^curl_setopt$", r"CURLOPT_SSL_VERIFY(PEER|HOST)\s*,\s*(false|0)"),
    assign("php", r"verify_peer(_name)?|CURLOPT_SSL_VERIFY\w+|allow_self_signed", r"^(false|0)"),
    assign("ruby", r"verify_mode|ssl_verify|verify$", r"VERIFY_NONE|false"),
    text("ruby", r"VERIFY_NONE"),
    call("rust", r"danger_accept_invalid_(certs|hostnames)$", r"true"),
    call("c cpp", r"curl_easy_setopt$", r"SSL_VERIFY(PEER|HOST)\s*,\s*0"),
    call("c cpp", r"SSL_CTX_set_verify$", r"SSL_VERIFY_NONE"),
    text(
        "swift objc",
        r"kCFStreamSSL(AllowsAnyRoot|AllowsExpiredRoots|AllowsExpiredCertificates)"
        r"|kCFStreamSSLValidatesCertificateChain\]?\s*=\s*NSNumber\(value:\s*false"
        r"|kCFStreamSocketSecurityLevel(SSLv[23]|NegotiatedSSL|None)|allowsAnyHTTPSCertificate"
        r"|validatesDomainName\s*=\s*false|allowInvalidCertificates\s*=\s*(true|YES)",
    ),
    text(
        "csharp", r"ServerCertificateValidationCallback\s*[+]?=[^;]*true|DangerousAcceptAnyServerCertificateValidator"
    ),
)


def check(event: Event) -> Iterator[Match]:
    """Every place where code does this."""
    yield from look(event, _TABLE, "turns the check of certificates off")
